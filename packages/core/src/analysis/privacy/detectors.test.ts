import { describe, expect, test } from 'vitest';
import { decidePin } from './decide-pin.ts';
import { PRIVACY_DETECTORS, type PrivacyDetector } from './finding.ts';

interface Table {
  readonly found: readonly string[];
  readonly left: readonly string[];
}

const TABLES: Readonly<Record<PrivacyDetector, Table>> = {
  ssn: {
    found: [
      'SSN 123-45-6789',
      'Nr 123 45 6789.',
      'ssn: 123456789',
      'his Social Security number is 123456789',
      'a,123-45-6789,b',
      '123‑45‑6789',
      '１２３-４５-６７８９',
      '12\u200b3-45-6789',
    ],
    left: [
      '000-12-3456',
      '666-12-3456',
      '901-12-3456',
      '123-00-4567',
      '123-45-0000',
      '123456789',
      '2024-123-45-6789',
      '123-45-67890',
      '123-45 6789',
      'ssn: 000456789',
    ],
  },
  card: {
    found: [
      'card 4111 1111 1111 1111',
      '4111111111111111',
      '4111-1111-1111-1111 12/27',
      'no 12 4111 1111 1111 1111 34',
      '5555555555554444',
      '2223003122003222',
      '378282246310005',
      '3782 822463 10005',
      '3056 930902 5904',
      '3530111333300000',
      '6011 1111 1111 1117',
      '6212345678900000003',
      '621234 5678900000003',
      '4222222222222',
      '４１１１ １１１１ １１１１ １１１１',
      '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1',
      '4111\u200b1111\u200b1111\u200b1111',
      '4111–1111–1111–1111',
      '4111  1111  1111  1111',
    ],
    left: [
      '4111 1111 1111 1112',
      '1718000000000',
      '1234567890123456',
      '99999999999999999999999999',
      '12345678901234567890',
      'temperatures 512 498 503 511 520 499',
      '2024-05-01 2024-06-01 2024-07-01',
      '411111111111',
      '0000 0000 0000 0000',
    ],
  },
  iban: {
    found: [
      'DE89 3704 0044 0532 0130 00',
      'iban de89370400440532013000, thanks',
      'pay to GB29 NWBK 6016 1331 9268 19 please',
      'FR14 2004 1010 0505 0001 3M02 606',
      'ES91 2100 0418 4502 0005 1332',
      'NL91-ABNA-0417-1643-00',
      'NO93 8601 1117 947',
      'MT84 MALT 0110 0001 2345 MTLC AST0 01S',
      'IBANDE89370400440532013000',
      'DE89 3704 0044\n0532 0130 00',
      'ＤＥ８９ ３７０４ ００４４ ０５３２ ０１３０ ００',
    ],
    left: [
      'DE89 3704 0044 0532 0130 01',
      'DE89 3704 0044 0532 0130',
      'XX89 3704 0044 0532 0130 00',
      'DE8937040044053201300012',
      'DE89 3704/0044 0532 0130 00',
      'order DE12 and BE34 were shipped by truck to the other site this week',
      'f1DE89370400440532013000',
    ],
  },
  passport: {
    found: [
      'Passport number: C01X00T47',
      'passport no. 123456789',
      'his number is 912803456 (passport)',
      'Reisepass-Nr. C01X0006H',
      'numéro de passeport 12AB34567',
      'pasaporte AAA123456',
      'パスポート番号 TK1234567',
    ],
    left: [
      'C01X00T47',
      'a passport valid until 2031',
      'passport photos cost 12.50',
      `passport ${'and then some '.repeat(8)} 123456789`,
      'your passport to happiness',
    ],
  },
  email: {
    found: [
      'jane.doe@example.com',
      '<jane+news@mail.example.co.uk>',
      'müller@example.org',
      'mailto:jane%40example.com',
      'jane@xn--bcher-kva.example',
      'jane@bücher.example',
      'a,jane@example.com,b',
      'jane＠example．com',
      'jane\u200b@example.com',
      '用户@例子.公司',
    ],
    left: [
      '@handle',
      'jane@',
      'jane@localhost',
      'package@18.2.0',
      'at 3 @ 4.50',
      'mail me at example.com',
      '@media print',
    ],
  },
  phone: {
    found: [
      '+1 212 555 0142',
      '+1 (212) 555-0142',
      '+12125550142',
      '+49 30 1234567',
      '+49 (0)30 1234567',
      '+33.6.12.34.56.78',
      '+44 20 7946 0958',
      '0049 30 1234567',
      '212-555-0142, ask for Jo',
      '(212) 555-0142.',
      '1-800-555-0142',
      '212.555.0142',
      '17,212-555-0142,9',
      '030 / 1234567',
      '0170-1234567',
      '020 7946 0958',
      '(030) 1234567',
      '06 12 34 56 78',
      '06.12.34.56.78',
      '03-1234-5678',
      '090-1234-5678',
      'Tel. 5550142',
      'Phone number: 612 345 678',
      '"mobile": "555-0142"',
      'teléfono: 912 345 678',
      '電話番号：5550142',
      '電話 ０３ー１２３４ー５６７８ / 03－1234－5678',
      '+٤٩ ٣٠ ١٢٣٤٥٦٧',
    ],
    left: [
      '+4 25 12 34 5',
      'invoice 2024001234',
      'invoice no. 0012345678',
      'order 4500123456',
      '2024-05-17T09:30:00Z',
      '17.05.2024 10:30',
      '1,234,567.89 EUR',
      '1.234.567,89',
      '1 234 567 890 kWh',
      '+12.5 13.2 14.8 15.1',
      '+4.25 120 340 560',
      '+100000',
      '+1 2 3',
      '192.168.100.200',
      'ISBN 978-0-306-40615-7',
      'mobile release 2024-05-17',
      'mobile: 2031-05-17',
      'cell 12',
      'version 1.20.300',
      'serial 8821-4410-7',
      '01/02/2024',
      '123-45-6789',
    ],
  },
  keywords: {
    found: [
      'CONFIDENTIAL',
      'strictly confidential.',
      'proprietary information',
      'signed the NDA.',
      'a non-disclosure agreement',
      'non disclosure',
      'attorney-client privilege',
      'attorney–client',
      'for internal\nuse only',
      'the patient was admitted',
      'Diagnosis: flu',
      'medical history',
      'streng vertraulich',
      'Vertrauliches Schreiben',
      'Geheimhaltungsvereinbarung',
      'die Patientin',
      'strictement confidentiel',
      'accord de confidentialité',
      'documento confidencial',
      'el paciente',
      'historia clínica',
      'この文書は社外秘です',
      'con\u00adfidential',
      'ＣＯＮＦＩＤＥＮＴＩＡＬ',
    ],
    left: [
      'the agenda and the sandal',
      'confidence and confident',
      'patience',
      'diagnostics of the engine',
      'impatient',
      'a disclosure',
      'client and attorney',
      'propriety',
      'nda_table',
    ],
  },
};

const find = (detector: PrivacyDetector, text: string): boolean =>
  decidePin('auto', [detector], [text]).pinned;

describe.each(PRIVACY_DETECTORS)('the %s detector', (detector) => {
  test.each(TABLES[detector].found)('finds %j', (text) => {
    expect(find(detector, text)).toBe(true);
  });

  test.each(TABLES[detector].left)('leaves %j alone', (text) => {
    expect(find(detector, text)).toBe(false);
  });

  test('finds it in the middle of a long text', () => {
    const filler = 'The quick brown fox jumps over the lazy dog.\n'.repeat(2000);
    expect(find(detector, filler)).toBe(false);
    expect(find(detector, `${filler}${TABLES[detector].found[0] ?? ''}\n${filler}`)).toBe(true);
  });

  /** Texts on which a backtracking expression would not finish: the runner's time limit is the judge. */
  test.each([
    'a',
    '1',
    '1 ',
    '4 1 1 ',
    '0 ',
    '00',
    '+1',
    '+1 ',
    '(0',
    '01-',
    'a.',
    'a@',
    'a@a.',
    '%40',
    'DE8',
    'DE89 ',
    'AB12',
    'passport ',
    'passport1',
    'tel ',
    'tel:0 ',
    'ssn ',
    'non ',
    'non-',
    ' \n',
    '123-',
    '123-45-',
    '\u0301',
    '🚚',
  ])('a long run of %j is looked through', (unit) => {
    expect(typeof find(detector, unit.repeat(200_000 / unit.length))).toBe('boolean');
  });
});
