import { apiKeyOf } from '../auth/authenticate.ts';

/** Answers one request; `env` is what the server hands to its app. */
export type Fetch = (request: Request, env?: object) => Response | Promise<Response>;

/**
 * One API over the apps of all cells: a request goes to the cell of whoever's key it brings. One without a key that is
 * known goes to the first: that refuses it, and serves what needs none.
 */
export function routeByCell(
  apps: ReadonlyMap<string, Fetch>,
  cellOfKey: (apiKey: string) => string | undefined,
): Fetch {
  const [first, ...others] = apps.values();
  if (first === undefined) throw new Error('there is no cell');
  if (others.length === 0) return first;
  return (request, env) => {
    const apiKey = apiKeyOf((name) => request.headers.get(name));
    const cell = apiKey === undefined ? undefined : cellOfKey(apiKey);
    return ((cell !== undefined && apps.get(cell)) || first)(request, env);
  };
}
