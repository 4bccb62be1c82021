import { configSchema } from '@spillway/contracts';
import { expect, test } from 'vitest';
import { refuseContradiction } from './refuse-contradiction.ts';

const config = configSchema.parse({ routing: { strategies: { fast: { cloud: 'only' } } } });

test.each(['cloud_only', 'fast'] as const)(
  'local_only and %s, which uses nothing but the cloud, contradict each other, and the strategy is named',
  (strategy) => {
    const refusing = () => refuseContradiction({ strategy, privacy: 'local_only' }, config, 'strategy');
    expect(refusing).toThrow(`strategy: ${strategy} contradicts privacy local_only`);
    expect(() => refuseContradiction({ strategy, privacy: 'auto' }, config, 'strategy')).not.toThrow();
  },
);

test('local_only and a strategy that may use local hardware do not', () => {
  const lines = { strategy: 'quality', privacy: 'local_only' } as const;
  expect(() => refuseContradiction(lines, config, 'strategy')).not.toThrow();
});
