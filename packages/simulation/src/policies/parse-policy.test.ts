import { describe, expect, test } from 'vitest';
import { parsePolicy, POLICY_HELP } from './parse-policy.ts';

describe('parsePolicy', () => {
  test.each(Object.keys(POLICY_HELP))('%s is a policy of that name', (shown) => {
    const text = shown.replaceAll(/\[.*\]/g, '').replace('N', '20');
    const parsed = parsePolicy(text);
    expect(parsed.ok && parsed.value.name).toBe(text);
  });

  test.each(['depth:5', 'hysteresis:5:50', 'priority-hysteresis:20:60'])(
    '%s has numbers of its own',
    (text) => {
      expect(parsePolicy(text)).toMatchObject({ ok: true, value: { name: text } });
    },
  );

  test.each(['', 'fastest', 'rpm', 'depth:-1', 'depth:a', 'spillway:fast', 'per-key-rpm'])(
    '%j is refused, and what there is is told',
    (text) => {
      const parsed = parsePolicy(text);
      expect(!parsed.ok && parsed.error).toMatch(/there is no policy .* spillway, /);
    },
  );
});
