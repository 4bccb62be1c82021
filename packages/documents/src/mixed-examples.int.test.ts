import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { createSchemaValidator } from './answer/create-schema-validator.ts';
import type { DocumentProblem } from './document.ts';
import { createExtractor } from './extract/create-extractor.ts';

const examples = new URL('../../../examples/', import.meta.url);
const mixed = new URL('mixed/', examples);
const extractor = createExtractor({ threads: 2, timeoutMs: 20_000, maxMemoryMb: 128, maxTextChars: 500_000 });
afterAll(async () => extractor.close());

const REFUSED: Readonly<Record<string, DocumentProblem['code']>> = {
  '10-salary-statement-locked.pdf': 'encrypted',
  '11-receipt-scan.pdf': 'image-only',
  '12-brochure-without-end.pdf': 'out-of-memory',
  '20-manual-zip-bomb.docx': 'too-complex',
};

/** Of each document something that only a right reading gives. */
const HELD: Readonly<Record<string, string>> = {
  '01-invoice-desk-lamps.pdf': 'Desk lamp, brass | 14 | 38.50 | 539.00',
  '03-rental-agreement-workshop.pdf': '\n\n5. Upkeep\n\n',
  '06-annual-water-report-60-pages.pdf': '\nJul–Sep | ',
  '07-invoice-greek-olive-oil.pdf': 'Ελαιόλαδο, 5 L | 20 | 46,00',
  '08-letter-bulgarian-school.pdf': 'Уважаеми родители',
  '09-notice-japanese-water-stop.pdf': '前日の夜までに飲み水をご用意ください。',
  '13-minutes-steering-group.docx': '- The pilot starts on 1 September',
  '15-invoice-hindi-printing.docx': 'कुल देय राशि',
  '16-letter-arabic-library.docx': 'يوم الجمعة',
  '17-minutes-japanese-festival.docx': '田中 | 太鼓の手配 | 6月14日\n鈴木 | ',
  '21-letter-chinese-tea.docx': '高山白茶 | 东岭 | 960',
  '22-invoice-web-hosting.html': 'Mailboxes, 5 | 12 | 36.00',
  '25-menu-thai-kitchen.html': 'ข้าวเหนียวมะม่วง | 60',
  '32-order-confirmation-seeds.eml': 'Subject: Ihre Bestellung 7710 – vielen Dank',
  '34-mensagem-do-condominio.eml': 'a garagem ficará fechada',
};

const PAGES: Readonly<Record<string, number>> = {
  '01-invoice-desk-lamps.pdf': 2,
  '03-rental-agreement-workshop.pdf': 3,
  '04-minutes-residents-meeting.pdf': 3,
  '06-annual-water-report-60-pages.pdf': 60,
};

const names = readdirSync(mixed);

test('there are forty', () => {
  expect(names).toHaveLength(40);
});

test.each(names)('%s is read, or refused for the reason it was made for', async (name) => {
  const path = fileURLToPath(new URL(name, mixed));
  const result = await extractor.extract({ name, path }, { signal: new AbortController().signal });
  expect(result.ok ? undefined : result.error.code).toBe(REFUSED[name]);
  if (!result.ok) return;
  const { text, format, pages } = result.value;
  expect(text).toContain(HELD[name] ?? '');
  expect(text.length).toBeGreaterThan(100);
  expect(pages).toBe(format === 'pdf' ? (PAGES[name] ?? 1) : undefined);
});

test('an answer about one of them fits the schema made for them', () => {
  const schema: unknown = JSON.parse(
    readFileSync(new URL('schemas/invoice-or-letter.schema.json', examples), 'utf8'),
  );
  const validator = createSchemaValidator(schema);
  const answer = {
    document_type: 'invoice',
    language: 'en',
    date: '2025-04-17',
    sender: 'Lumen & Son Lighting',
    amounts: [{ what: 'Total due', value: 783.12, currency: 'EUR' }],
    due_date: '2025-05-17',
    summary: 'Fourteen desk lamps with bulbs for a library.',
  };
  expect(validator.ok && validator.value(answer)).toEqual({ ok: true, value: answer });
  expect(validator.ok && validator.value({ ...answer, document_type: 'bill' }).ok).toBe(false);
});
