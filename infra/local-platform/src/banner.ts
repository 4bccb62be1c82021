import { relative } from 'node:path';
import type { RunningPlatform } from './platform/running-platform.ts';

/** What a person needs to know after the start, on one screen. The key stands in it only when it is new. */
export function banner(platform: RunningPlatform, cwd: string): string {
  const { apiUrl, apiKey, engine, clouds, configPath, logsDir } = platform;
  const bearer = platform.apiKeyIsNew && apiKey !== undefined ? apiKey : '$SPILLWAY_API_KEY';
  return `
  ≋ Spillway accepts jobs

    API      ${apiUrl}
    engine   ${engine.url ?? 'none'}  (${engine.detail})
    cloud    ${clouds.length > 0 ? clouds.join(', ') : 'none (set OPENAI_API_KEY or ANTHROPIC_API_KEY)'}
    key      ${keyLine(platform, cwd)}
    config   ${short(configPath, cwd)}
    logs     ${short(logsDir, cwd)}

    ./spillway submit "Why is the sky blue?"

    curl ${apiUrl}/v1/jobs -H "authorization: Bearer ${bearer}" \\
      -H 'content-type: application/json' \\
      -d '{"request": {"model": "auto", "messages": [{"role": "user", "content": "Why is the sky blue?"}]}}'

    Ctrl-C stops.
`;
}

function keyLine({ apiKey, apiKeyIsNew, credentialsPath }: RunningPlatform, cwd: string): string {
  if (apiKey === undefined || credentialsPath === undefined) return 'as your configuration has it';
  const path = short(credentialsPath, cwd);
  return apiKeyIsNew ? `${apiKey}  (kept in ${path})` : `in ${path}`;
}

/** A path inside the current folder is easier to read without it. */
function short(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  return inside.startsWith('..') ? path : inside;
}
