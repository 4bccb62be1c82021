import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { comparisonColumns } from './comparison-rows.ts';
import { formatCount, formatSeconds, formatShare, formatUsd } from './format-figures.ts';
import { htmlReport } from './html-report.ts';
import { sampleClass, samplePolicy, sampleReport } from './report.fixtures.ts';
import { summarisePolicies } from './summarise-policies.ts';

const HOSTILE = '</script><img src=x onerror=alert(1)><!--';

describe('the comparison', () => {
  test('is of means over the seeds of a policy, in the order of the report', () => {
    const summaries = summarisePolicies(
      sampleReport([
        samplePolicy({ cloud: { jobs: 40, share: 0.2, usd: 1, usdPerHour: 1 } }),
        samplePolicy({ policy: 'depth' }),
        samplePolicy({
          seed: 2,
          cloud: { jobs: 80, share: 0.4, usd: 3, usdPerHour: 3 },
          classes: { interactive: sampleClass({ missed: 8, missedShare: 0.08 }) },
        }),
      ]),
    );
    expect(summaries.map(({ policy, seeds }) => [policy, seeds])).toEqual([
      ['spillway', 2],
      ['depth', 1],
    ]);
    expect(summaries[0]).toMatchObject({
      cloudShare: expect.closeTo(0.3) as number,
      usdPerHour: 2,
      usdPerHourRange: [1, 3],
      missedShare: { interactive: expect.closeTo(0.06) as number },
      allMissedShare: expect.closeTo((0.02 + 0.08) / 2) as number,
    });
  });

  test('leaves out classes that nobody sent, and pins where nothing was pinned', () => {
    const summaries = summarisePolicies(sampleReport([samplePolicy({ pinned: sampleClass({ jobs: 0 }) })]));
    const columns = comparisonColumns(summaries);
    const row = Object.fromEntries(
      columns.flatMap(({ head, cell }) => summaries.map((summary) => [head, cell(summary)])),
    );
    expect(row).toMatchObject({ 'missed interactive': '4.0 %', 'missed pinned': '–', 'cloud $/h': '$1.20' });
    expect(row).not.toHaveProperty('missed standard');
  });

  test('figures read as a person writes them', () => {
    expect([0, 0.00001, 0.0004, 0.042, 1].map(formatShare)).toEqual([
      '0 %',
      '<0.01 %',
      '0.04 %',
      '4.2 %',
      '100.0 %',
    ]);
    expect([0.42, 12.34, 250, 5400, 9000].map(formatSeconds)).toEqual([
      '0.42 s',
      '12.3 s',
      '4.2 min',
      '90 min',
      '2.5 h',
    ]);
    expect([0, 1.5, 99.96, 1234567].map(formatCount)).toEqual(['0', '1.5', '100.0', '1,234,567']);
    expect([1.184, 12_345].map(formatUsd)).toEqual(['$1.18', '$12,345']);
  });
});

const hostile = () =>
  htmlReport({
    trace: { name: HOSTILE, requests: 1, of: 1, seconds: 1 },
    backends: [{ id: HOSTILE, location: 'local', summary: HOSTILE }],
    policies: [
      samplePolicy({
        policy: HOSTILE,
        tenants: [HOSTILE, 'b'].map((tenant) => ({ ...samplePolicy().tenants[0], tenant }) as never),
        series: samplePolicy().series.map((point) => ({ ...point, served: { [HOSTILE]: 1, b: 1 } })),
      }),
    ],
  });

describe('the page', () => {
  test.each([
    [{ requests: 200, of: 200 }, '200 requests in 10 min: '],
    [{ requests: 20, of: 3000 }, '20 of 3,000 requests in 10 min: '],
    [{ requests: 600, of: 300 }, '600 requests (the 300 of the trace repeated) in 10 min: '],
  ])('says in its header what was taken of the trace: %j', async (taken, said) => {
    const report = sampleReport([samplePolicy()]);
    const page = await htmlReport({ ...report, trace: { ...report.trace, ...taken } });
    expect(/<header>.*<\/header>/s.exec(page)?.[0]).toContain(`<p class="lead soft">${said}`);
  });

  test('lets no name of a trace become anything but text', async () => {
    const page = await hostile();
    expect(page).not.toContain('<img');
    // one each: data, charts and the page's own
    expect(page.match(/<\/script>/g)).toHaveLength(3);
    expect(page.match(/<!--/g)).toHaveLength(1);
    expect(JSON.parse(/type="application\/json">(.*?)<\/script>/s.exec(page)?.[1] ?? '')).toMatchObject([
      { policy: HOSTILE, series: [{ served: { [HOSTILE]: 1 } }, {}, {}] },
    ]);
  });

  test('runs exactly the scripts its content policy names, asks for nothing, and keeps the charts’ licence', async () => {
    const page = await htmlReport(sampleReport([samplePolicy(), samplePolicy({ policy: 'depth' })]));
    const policy = /script-src ([^"]*)"/.exec(page)?.[1] ?? '';
    expect(policy.split(' ')).toEqual([
      expect.stringMatching(/^'sha256-[\w+/]{43}='$/),
      expect.stringMatching(/^'sha256-[\w+/]{43}='$/),
    ]);
    const scripts = Array.from(page.matchAll(/<script>(.*?)<\/script>/gs), ([, script = '']) => script);
    const digests = await Promise.all(
      scripts.map(async (script) => {
        const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(script));
        return `'sha256-${Buffer.from(digest).toString('base64')}'`;
      }),
    );
    expect(digests).toEqual(policy.split(' '));
    expect(page).not.toMatch(/\b(?:src|href)=/);
    expect(page).toContain('Permission is hereby granted, free of charge');
    expect(page).toContain('depth sent 20.0 % of them to the cloud');
  });

  test('has a chart for everything it has a place for', async () => {
    const page = await htmlReport(sampleReport([samplePolicy()]));
    const [, script = ''] = Array.from(page.matchAll(/<script>(.*?)<\/script>/gs), ([, text]) => text);
    const data = /type="application\/json">(.*?)<\/script>/s.exec(page)?.[1];
    const drawn: string[] = [];
    runInNewContext(script, browserOf(data ?? '[]', drawn));
    const places = Array.from(page.matchAll(/class="chart" id="(\w+)"/g), ([, id]) => id);
    expect(new Set(drawn)).toEqual(new Set(places));
    expect(drawn).toHaveLength(places.length);
  });
});

/** As much of a browser as the page's script asks for. */
function browserOf(data: string, drawn: string[]): object {
  const media = { addEventListener: () => undefined };
  class Plot {
    static join = (tables: readonly (readonly number[][])[]): unknown => [
      tables[0]?.[0],
      ...tables.map(([, values]) => values),
    ];

    constructor(_options: unknown, lines: readonly unknown[][], { id }: { readonly id: string }) {
      if (lines.every((line) => line.length > 0)) drawn.push(id);
    }
  }
  return {
    uPlot: Plot,
    document: {
      documentElement: {},
      querySelector: (selector: string) => (selector === '#data' ? { textContent: data } : null),
      getElementById: (id: string) => ({ id, clientWidth: 400 }),
    },
    addEventListener: () => undefined,
    matchMedia: () => media,
    getComputedStyle: () => ({ getPropertyValue: () => '#123456' }),
  };
}
