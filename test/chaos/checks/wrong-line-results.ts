import type { Check } from './violation.ts';

/** What stands in the output file beside a custom id is the answer to that line, which the engine did not refuse. */
export const wrongLineResults: Check = ({ batches }) =>
  batches.flatMap(({ plan, finals }) => {
    const lines = new Map(plan.lines.map((line) => [line.customId, line]));
    return finals
      .flatMap(({ results }) => results.output)
      .flatMap(({ customId, digest }) => {
        const line = lines.get(customId);
        // One that is no line of the input is told elsewhere.
        if (line === undefined || (digest === line.digest && !line.refused)) return [];
        return [
          line.refused
            ? `${customId} was refused and is answered`
            : `the answer to ${customId} is not of its input ${line.digest}`,
        ];
      })
      .map((detail) => ({ figure: 'wrong_result', key: plan.key, detail }) as const);
  });
