// Draws the charts of a report. It stands in the page as it is, after uPlot; the data is in the element `data`.

/** @import { SeriesPoint } from '../src/report/simulation-report.ts' */
/** @import uPlot from 'uplot' */
/** @typedef {{ policy: string, series: readonly SeriesPoint[] }} Run */
/** @typedef {{ name: string, at: number[], values: number[] }} Line */

const { uPlot: Plot } = /** @type {{ uPlot: typeof import('uplot') }} */ (
  /** @type {unknown} */ (globalThis)
);
const element = document.querySelector('#data');
const runs = /** @type {readonly Run[]} */ (JSON.parse(element?.textContent ?? '[]'));
/** @type {Map<string, uPlot>} */
const plots = new Map();
const COLOURS = 8;
/** In seconds. */
const TIME_STEPS = [
  1, 5, 10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 604_800,
];

/** @type {Record<string, { of: (point: SeriesPoint) => number, format: (value: number) => string, stepped?: boolean }>} */
const CHARTS = {
  cost: { of: (point) => point.cloudUsd, format: (usd) => `$${usd.toFixed(usd < 10 ? 2 : 0)}` },
  missed: { of: (point) => point.missed, format: count },
  waiting: { of: (point) => point.waiting, format: count },
  running: { of: (point) => point.running, format: count },
  watts: { of: (point) => point.watts, format: (watts) => `${Math.round(watts)} W` },
};

drawAll();
addEventListener('resize', resizeAll);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
document.querySelector('#tenant-policy')?.addEventListener('change', drawTenants);

function drawAll() {
  for (const [id, { of, format }] of Object.entries(CHARTS)) {
    const lines = runs.map(({ policy, series }) => ({
      name: policy,
      at: series.map(({ at }) => at),
      values: series.map(of),
    }));
    draw(id, lines, format, false);
  }
  drawTenants();
}

function drawTenants() {
  const select = /** @type {HTMLSelectElement | null} */ (document.querySelector('#tenant-policy'));
  const run = runs.find(({ policy }) => policy === select?.value) ?? runs[0];
  if (run === undefined) return;
  const last = run.series.at(-1)?.served ?? {};
  const names = Object.keys(last).toSorted((one, other) => (last[other] ?? 0) - (last[one] ?? 0));
  // nothing is served at first, and nothing has no shares
  const points = run.series.filter(({ served }) => total(served) > 0);
  const lines = names.map((name) => ({
    name,
    at: points.map(({ at }) => at),
    values: points.map(({ served }) => (served[name] ?? 0) / total(served)),
  }));
  draw('tenants', lines, (share) => `${Number((share * 100).toFixed(1))} %`, true);
}

/** @type {(id: string, lines: readonly Line[], format: (value: number) => string, stacked: boolean) => void} */
function draw(id, lines, format, stacked) {
  const place = document.getElementById(id);
  if (place === null || lines.length === 0) return;
  plots.get(id)?.destroy();
  const joined = Plot.join(lines.map(({ at, values }) => [at, values]));
  const data = stacked ? stack(joined) : joined;
  const colours = lines.map((_, index) => css(`--s${index % COLOURS}`));
  /** @type {uPlot.Axis} */
  const axis = {
    stroke: css('--soft'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: css('--line'), width: 1 },
    ticks: { stroke: css('--line'), width: 1 },
  };
  const plot = new Plot(
    {
      width: place.clientWidth,
      height: 250,
      cursor: { sync: { key: 'spillway' }, y: false },
      scales: { x: { time: false }, y: stacked ? { range: [0, 1] } : { range: fromZero } },
      axes: [
        { ...axis, space: 70, incrs: TIME_STEPS, values: (_, ticks) => ticks.map(clock) },
        { ...axis, size: 62, values: (_, ticks) => ticks.map(format) },
      ],
      bands: stacked ? lines.slice(1).map((_, index) => ({ series: [index + 2, index + 1] })) : [],
      series: [
        { label: 'at', value: (_, at) => (at === null ? '' : clock(at)) },
        ...lines.map((line, index) => ({
          label: line.name,
          stroke: colours[index] ?? '',
          width: stacked || index > 0 ? 1.5 : 2.5,
          // beyond the colours there are, dashes tell lines apart
          dash: index < COLOURS ? [] : [6, 4],
          ...(stacked ? { fill: `${colours[index]}66` } : {}),
          spanGaps: true,
          points: { show: false },
          value: shown(joined, index + 1, format),
        })),
      ],
    },
    data,
    place,
  );
  plots.set(id, plot);
}

/**
 * What the legend says at the cursor: the line's own value, though a stacked one is drawn on top of others, and its
 * last known one where another policy's point lies between two of its own.
 *
 * @param {uPlot.AlignedData} data
 * @param {number} series
 * @param {(value: number) => string} format
 */
function shown(data, series, format) {
  /** @type {(plot: uPlot, value: number | null, index: number, at: number | null) => string} */
  return (_plot, _value, _index, at) => {
    let value = null;
    for (let index = at ?? data[0].length - 1; index >= 0 && value === null; index -= 1)
      value = data[series]?.[index] ?? null;
    return value === null ? '' : format(value);
  };
}

/** @type {(data: uPlot.AlignedData) => uPlot.AlignedData} */
function stack([at, ...lines]) {
  const sums = Array.from(at, () => 0);
  return [at, ...lines.map((line) => sums.map((sum, index) => (sums[index] = sum + (line[index] ?? 0))))];
}

/** @type {(plot: uPlot, low: number | null, high: number | null) => [number, number]} */
function fromZero(_plot, _low, high) {
  return [0, high === null || high <= 0 ? 1 : high * 1.08];
}

function resizeAll() {
  for (const [id, plot] of plots)
    plot.setSize({ width: document.getElementById(id)?.clientWidth ?? 400, height: plot.height });
}

/** @type {(seconds: number) => string} */
function clock(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)} h`;
}

/** @type {(value: number) => string} */
function two(value) {
  return String(Math.floor(value)).padStart(2, '0');
}

/** @type {(value: number) => string} */
function count(value) {
  // an axis up to 1 has ticks between whole jobs
  return Number.isInteger(value) ? value.toLocaleString('en-US') : '';
}

/** @type {(served: Readonly<Record<string, number>>) => number} */
function total(served) {
  return Object.values(served).reduce((sum, tokens) => sum + tokens, 0);
}

/** @type {(name: string) => string} */
function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
