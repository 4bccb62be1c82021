import { docxFile } from '../docx-file.ts';
import { paperPdf, type PaperOptions } from '../paper-pdf.ts';
import type { ExampleFile } from './example-file.ts';

export const INVOICES: readonly ExampleFile[] = [
  {
    name: '01-invoice-desk-lamps.pdf',
    bytes: async () =>
      invoicePdf({
        title: 'Invoice 2025-0417',
        lines: [
          'Lumen & Son Lighting, 12 Mill Lane, Riverton. accounts@lumen.example.com',
          'To: Harbour Street Library, 3 Harbour Street, Riverton',
          'Date: 17 April 2025. Due: 17 May 2025. Your order: HSL-88.',
        ],
        rows: [
          ['Item', 'Quantity', 'Unit price', 'Amount (EUR)'],
          ['Desk lamp, brass', '14', '38.50', '539.00'],
          ['LED bulb, warm white', '28', '3.20', '89.60'],
          ['Delivery', '1', '24.00', '24.00'],
          ['Net total', '', '', '652.60'],
          ['VAT 20 %', '', '', '130.52'],
          ['Total due', '', '', '783.12'],
        ],
        notes: [
          'Please pay by bank transfer within 30 days and quote the invoice number.',
          'One lamp was out of stock and follows at no extra cost in the second week of May.',
        ],
        terms: [
          'Goods remain ours until they are paid in full. Complaints about visible damage are to be made in writing ' +
            'within eight days of delivery; a photograph helps us to replace the item quickly.',
          'Bulbs are guaranteed for two years, fittings for five. Used batteries and bulbs are taken back free of ' +
            'charge at our workshop on weekdays between nine and five.',
        ],
      }),
  },
  {
    name: '02-invoice-summer-catering.pdf',
    bytes: async () =>
      invoicePdf({
        title: 'Catering: final invoice F-311',
        lines: [
          'Green Table Catering, Orchard Road 7, Millbrook. hello@greentable.example.com',
          'For: Millbrook Rowing Club, summer party on 21 June 2025',
          'Invoice date: 24 June 2025. Payable within 14 days.',
        ],
        rows: [
          ['Service', 'Guests', 'Per guest', 'Amount (GBP)'],
          ['Vegetarian buffet', '85', '17.40', '1,479.00'],
          ['Lemonade and water', '85', '3.10', '263.50'],
          ['Staff, four hours', '3', '72.00', '216.00'],
          ['Deposit received 2 May', '', '', '-500.00'],
          ['Balance', '', '', '1,458.50'],
        ],
        notes: [
          'Eleven guests had registered allergies; their meals were served separately and are included.',
        ],
      }),
  },
  {
    name: '07-invoice-greek-olive-oil.pdf',
    bytes: async () =>
      invoicePdf(
        {
          title: 'Τιμολόγιο Α-1029',
          lines: [
            'Ελαιουργείο «Η Καλή Ελιά», οδός Λιμανιού 8, Καλαμάτα',
            'Πελάτης: Παντοπωλείο «Το Καλάθι», Αθήνα. Ημερομηνία: 3 Μαρτίου 2025',
          ],
          rows: [
            ['Είδος', 'Τεμάχια', 'Τιμή', 'Σύνολο'],
            ['Ελαιόλαδο, 5 L', '20', '46,00', '920,00'],
            ['Ελιές, 1 kg', '35', '7,80', '273,00'],
            ['Σύνολο (ευρώ)', '', '', '1.193,00'],
          ],
          notes: ['Παρακαλούμε να εξοφληθεί εντός τριάντα ημερών. Ευχαριστούμε για την προτίμησή σας.'],
        },
        { script: 'other' },
      ),
  },
  {
    name: '15-invoice-hindi-printing.docx',
    bytes: () =>
      docxFile([
        { heading: 'चालान संख्या 58/2025' },
        'सरस्वती मुद्रणालय, पुस्तक मार्ग 21, नई बस्ती। ईमेल: press@example.com',
        'ग्राहक: बाल पुस्तकालय समिति। दिनांक: 12 फ़रवरी 2025। भुगतान की अंतिम तिथि: 12 मार्च 2025।',
        {
          table: [
            ['विवरण', 'मात्रा', 'दर', 'राशि (₹)'],
            ['कहानी की पुस्तक, 48 पृष्ठ', '500', '64.00', '32,000.00'],
            ['पोस्टर, बहुरंगी', '120', '35.00', '4,200.00'],
            ['कुल देय राशि', '', '', '36,200.00'],
          ],
        },
        'कृपया भुगतान के साथ चालान संख्या अवश्य लिखें। माल की जाँच प्राप्ति के दिन ही कर लें।',
      ]),
  },
];

interface Invoice {
  readonly title: string;
  readonly lines: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
  /** On a page of their own. */
  readonly terms?: readonly string[];
}

const invoicePdf = async ({ title, lines, rows, notes, terms }: Invoice, options?: PaperOptions) =>
  paperPdf((paper) => {
    paper.heading(title);
    for (const line of lines) paper.paragraph(line);
    paper.table(rows);
    for (const note of notes) paper.paragraph(note);
    if (terms === undefined) return;
    paper.newPage();
    paper.heading('Terms');
    for (const term of terms) paper.paragraph(term);
  }, options);
