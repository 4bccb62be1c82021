import { describe, expect, test } from 'vitest';
import { parseNvidiaSmi } from './parse-nvidia-smi.ts';

const RTX_4090 =
  '0, GPU-4b7c1f6e-2a90-5d3b-8c11-0f2e6d7a9b35, NVIDIA GeForce RTX 4090, 298.71, 300.00, 300.00, 67, 99, 21874, 24564, 2310, Active, Not Active, Not Active, Not Active';
const H100 =
  '1, GPU-a1d2c3b4-5566-7788-99aa-bbccddeeff00, NVIDIA H100 80GB HBM3, 412.05, 700.00, 700.00, 58, 100, 71211, 81559, 1980, Not Active, Not Active, Not Active, Not Active';
const LAPTOP =
  '0, GPU-0c9d8e7f-1111-2222-3333-444455556666, NVIDIA GeForce RTX 4070 Laptop GPU, 81.20, [N/A], [N/A], 86, 97, 7021, 8188, 1695, Not Active, Active, [Not Supported], N/A';

describe('parseNvidiaSmi', () => {
  test('reads every GPU of a machine, each with its own numbers', () => {
    const parsed = parseNvidiaSmi(`${RTX_4090}\n${H100}\n`);
    expect(parsed).toEqual({
      ok: true,
      value: [
        {
          index: 0,
          uuid: 'GPU-4b7c1f6e-2a90-5d3b-8c11-0f2e6d7a9b35',
          name: 'NVIDIA GeForce RTX 4090',
          powerWatts: 298.71,
          powerLimitWatts: 300,
          temperatureC: 67,
          utilizationPercent: 99,
          memoryUsedMiB: 21874,
          memoryTotalMiB: 24564,
          smClockMhz: 2310,
          throttle: ['sw-power-cap'],
        },
        expect.objectContaining({ index: 1, powerWatts: 412.05, powerLimitWatts: 700, throttle: [] }),
      ],
    });
  });

  test('a driver asked for no throttle reasons gives none', () => {
    const withoutReasons = RTX_4090.split(', ').slice(0, 11).join(', ');
    expect(parseNvidiaSmi(withoutReasons)).toMatchObject({
      ok: true,
      value: [{ smClockMhz: 2310, throttle: [] }],
    });
  });

  test('leaves out what a laptop does not tell, and keeps the rest', () => {
    const parsed = parseNvidiaSmi(`${LAPTOP}\n`);
    expect(parsed).toMatchObject({
      ok: true,
      value: [{ powerWatts: 81.2, temperatureC: 86, throttle: ['sw-thermal-slowdown'] }],
    });
    expect(parsed.ok && Object.keys(parsed.value[0] ?? {})).not.toContain('powerLimitWatts');
  });

  test('takes the limit that was set where the driver hides the enforced one', () => {
    const line = RTX_4090.replace('300.00, 300.00', '280.00, [N/A]');
    expect(parseNvidiaSmi(`${line}\n`)).toMatchObject({ value: [{ powerLimitWatts: 280 }] });
  });

  test('reads Windows line ends', () => {
    expect(parseNvidiaSmi(`${RTX_4090}\r\n${H100}\r\n`)).toMatchObject({
      ok: true,
      value: [
        { index: 0, throttle: ['sw-power-cap'] },
        { index: 1, throttle: [] },
      ],
    });
  });

  test('a GPU that fell off the bus keeps its row, without numbers', () => {
    const lost = `2, GPU-2, NVIDIA GeForce RTX 4090${', [GPU is lost]'.repeat(12)}`;
    expect(parseNvidiaSmi(`${lost}\n`)).toEqual({
      ok: true,
      value: [{ index: 2, uuid: 'GPU-2', name: 'NVIDIA GeForce RTX 4090', throttle: [] }],
    });
  });

  test.each([
    [
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n",
      "couldn't communicate with the NVIDIA driver",
    ],
    ['No devices were found\n', 'No devices were found'],
    ['Failed to initialize NVML: Driver/library version mismatch\n', 'version mismatch'],
    ['', 'printed nothing'],
    ['0, GPU-1, cut off', 'cut off'],
  ])('text that is no table is a failure that quotes it: %j', (text, quoted) => {
    expect(parseNvidiaSmi(text)).toEqual({
      ok: false,
      error: { kind: 'failed', detail: expect.stringContaining(quoted) as string },
    });
  });
});
