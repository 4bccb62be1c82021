import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { comparisonColumns } from './comparison-rows.ts';
import { escapeHtml, jsonForScript } from './escape.ts';
import { formatCount, formatSeconds } from './format-figures.ts';
import { headlineTiles, leadSentence } from './headline.ts';
import type { PolicyReport, SimulationReport } from './simulation-report.ts';
import { summarisePolicies, type PolicySummary } from './summarise-policies.ts';

const MOST_TENANTS = 12;

/**
 * A report as one HTML file that needs nothing else: no network, no server. A content policy lets only the scripts run
 * that stand in it, so a name in a trace can do nothing but be read.
 */
export async function htmlReport(report: SimulationReport): Promise<string> {
  const [css, page, plot, plotCss, licence] = await Promise.all([
    readText(new URL('../../page/page.css', import.meta.url)),
    readText(new URL('../../page/page.js', import.meta.url)),
    readText(new URL(import.meta.resolve('uplot/dist/uPlot.iife.min.js'))),
    readText(new URL(import.meta.resolve('uplot/dist/uPlot.min.css'))),
    readText(new URL(import.meta.resolve('uplot/LICENSE'))),
  ]);
  const scripts = [plot, page];
  const allowed = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  const summaries = summarisePolicies(report);
  const title = `Simulation of ${report.trace.name}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src ${allowed.join(' ')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${plotCss}\n${css}</style>
</head>
<body>
<main>
<header>
<h1>${escapeHtml(title)}</h1>
<p class="lead soft">${escapeHtml(leadSentence(report, summaries))}</p>
</header>
${headline(summaries)}
${comparison(summaries)}
<div class="charts">
${chart('cost', 'Cloud bill', 'US dollars spent so far')}
${chart('missed', 'Missed deadlines', 'jobs so far that were not finished by their deadline')}
${chart('waiting', 'Queue', 'jobs that waited')}
${tenantChart(report)}
${chart('watts', 'Power', 'watts that the local GPUs took')}
${chart('running', 'Running', 'jobs on any backend at once')}
</div>
${tenants(report)}
${deployment(report)}
<footer class="soft small">
<p>Made by <code>spillway simulate</code>, which drives the scheduler that serves real jobs. Engines, cloud and power are
models: docs/simulation.md says what they assume. Charts by uPlot.</p>
</footer>
</main>
<!--
uPlot
${licence.replaceAll('--', '- -').trim()}
-->
<script id="data" type="application/json">${jsonForScript(chartData(report))}</script>
<script>${plot}</script>
<script>${page}</script>
</body>
</html>
`;
}

const readText = (url: URL): Promise<string> => readFile(url, 'utf8');

function headline(summaries: readonly PolicySummary[]): string {
  const tiles = headlineTiles(summaries).map(
    ({ name, figure, beside }) =>
      `<div class="card"><dt>${escapeHtml(name)}</dt><dd class="figure">${escapeHtml(figure)}</dd>` +
      `<dd class="soft small">${escapeHtml(beside)}</dd></div>`,
  );
  return `<dl class="tiles">${tiles.join('')}</dl>`;
}

function comparison(summaries: readonly PolicySummary[]): string {
  const columns = comparisonColumns(summaries);
  const head = columns.map(
    ({ head: text, title }) => `<th title="${escapeHtml(title)}">${escapeHtml(text)}</th>`,
  );
  const rows = summaries.map((summary, index) => {
    const cells = columns.map(({ cell }) => `<td>${escapeHtml(cell(summary))}</td>`);
    return `<tr${index === 0 ? ' class="hero"' : ''}>${cells.join('')}</tr>`;
  });
  const seeds = Math.max(...summaries.map((summary) => summary.seeds), 1);
  const note = seeds > 1 ? `means of ${seeds} seeds; the charts show the first` : 'one run each';
  return table('Policies', note, head, rows);
}

function tenants({ policies: [first] }: SimulationReport): string {
  if (first === undefined || first.tenants.length < 2) return '';
  const largest = first.tenants
    .toSorted((one, other) => tokensOf(other) - tokensOf(one))
    .slice(0, MOST_TENANTS);
  const rows = largest.map((tenant) => {
    const cells = [
      tenant.tenant,
      formatCount(tenant.jobs),
      formatCount(tenant.inputTokens),
      formatCount(tenant.outputTokens),
      formatCount(tenant.missed),
      formatSeconds(tenant.wait.p50),
      formatSeconds(tenant.wait.p99),
    ];
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  const head = ['tenant', 'jobs', 'tokens in', 'tokens out', 'missed', 'median wait', 'p99 wait'];
  const note = `under ${first.policy}: the ${largest.length} largest of ${formatCount(first.tenants.length)}`;
  return table(
    'Tenants',
    note,
    head.map((text) => `<th>${text}</th>`),
    rows,
  );
}

const tokensOf = ({ inputTokens, outputTokens }: PolicyReport['tenants'][number]): number =>
  inputTokens + 2 * outputTokens;

const table = (title: string, note: string, head: readonly string[], rows: readonly string[]): string =>
  `<section class="card"><h2>${title}</h2><p class="soft small">${escapeHtml(note)}</p><div class="scroll"><table>` +
  `<thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;

const chart = (id: string, title: string, note: string): string =>
  `<section class="card"><h2>${title}</h2><p class="soft small">${note}</p><div class="chart" id="${id}"></div></section>`;

function tenantChart({ policies }: SimulationReport): string {
  const names = [...new Set(policies.map(({ policy }) => policy))].map(escapeHtml);
  const options = names.map((name) => `<option value="${name}">${name}</option>`).join('');
  return (
    '<section class="card"><div class="head"><div><h2>Shares</h2><p class="soft small">of the tokens served so far ' +
    `to the largest tenants</p></div><select id="tenant-policy" aria-label="policy">${options}</select></div>` +
    '<div class="chart" id="tenants"></div></section>'
  );
}

function deployment({ backends, assumptions = [] }: SimulationReport): string {
  const rows = backends.map(
    ({ id, location, summary }) =>
      `<dt>${escapeHtml(id)} <span class="soft">${escapeHtml(location)}</span></dt><dd class="soft">${escapeHtml(summary)}</dd>`,
  );
  const assumed = assumptions.map((text) => `<li>${escapeHtml(text)}</li>`).join('');
  return (
    `<section class="card"><h2>Deployment</h2><dl class="backends small">${rows.join('')}</dl></section>` +
    (assumed === ''
      ? ''
      : `<section class="card"><h2>Assumed</h2><ul class="soft small">${assumed}</ul></section>`)
  );
}

/** The first run of each policy, and of it what charts draw. */
function chartData({ policies }: SimulationReport): unknown {
  const first = new Map<string, PolicyReport>();
  for (const run of policies) if (!first.has(run.policy)) first.set(run.policy, run);
  return [...first.values()].map(({ policy, series }) => ({ policy, series: rounded(series) }));
}

/** No screen shows a seventh digit, and they are most of the file. */
const rounded = (series: PolicyReport['series']): unknown =>
  JSON.parse(
    JSON.stringify(series, (_key, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(6)) : value,
    ),
  );
