import diagram from './state-machine.md?raw';

const ARROW = /^ +(?<from>\S+) --> (?<to>[^\s:]+)(?:: (?<event>\S+))?$/gm;

/** The arrows of the diagram; an end of it is `[*]`, and its arrows have no event. */
export const DRAWN = [...diagram.matchAll(ARROW)].map(({ groups }) => ({
  from: groups?.['from'],
  to: groups?.['to'],
  event: groups?.['event'],
}));
