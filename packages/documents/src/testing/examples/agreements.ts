import { docxFile } from '../docx-file.ts';
import { paperPdf } from '../paper-pdf.ts';
import type { ExampleFile } from './example-file.ts';

const RENTAL: readonly (readonly [heading: string, clauses: readonly string[]])[] = [
  [
    '1. The room',
    [
      'The association lets to the tenant the workshop on the ground floor of 5 Tannery Yard, 86 square metres, with ' +
        'the use of the yard for loading on weekdays between seven and six.',
      'The room was inspected together on 28 February 2025. The tenant has received two keys and a card for the gate.',
    ],
  ],
  [
    '2. Term and notice',
    [
      'The tenancy begins on 1 March 2025 and runs for three years. Unless one side gives notice six months before ' +
        'its end, it goes on from year to year.',
      'Either side may end the tenancy at once if the other, after a written warning, goes on breaking a duty that ' +
        'matters; two months of unpaid rent count as such.',
    ],
  ],
  [
    '3. Rent and costs',
    [
      'The rent is 1,140.00 a month, payable by the third working day. Heating, water and waste are paid in advance ' +
        'with 165.00 a month and settled each spring against the meters.',
      'A deposit of 2,280.00 is kept on a separate account and repaid with its interest four weeks after the keys.',
    ],
  ],
  [
    '4. Use',
    [
      'The room serves as a joinery. Machines above 70 decibels at the window run between eight and six only, and not ' +
        'on Sundays. Dust extraction is to be cleaned once a week and inspected once a year at the cost of the tenant.',
      'Solvents are kept in the steel cabinet of the association, at most twenty litres at a time.',
    ],
  ],
  [
    '5. Upkeep',
    [
      'The tenant repairs what is used up by the work, up to 150.00 in each case and 600.00 a year. The roof, the ' +
        'outer walls and the main pipes are the business of the association.',
      'Changes to the building need written consent beforehand. What was fixed to the wall is left or removed as the ' +
        'association chooses.',
    ],
  ],
  [
    '6. Last things',
    [
      'Changes of this agreement are made in writing. Should one clause not hold, the others do.',
      'Riverton, 28 February 2025. For the association: Hanna Solberg. The tenant: Joinery Petrossian & Daughter.',
    ],
  ],
];

export const AGREEMENTS: readonly ExampleFile[] = [
  {
    name: '03-rental-agreement-workshop.pdf',
    bytes: async () =>
      paperPdf((paper) => {
        paper.heading('Rental agreement: workshop in Tannery Yard');
        RENTAL.forEach(([heading, clauses], index) => {
          if (index > 0 && index % 2 === 0) paper.newPage();
          paper.heading(heading);
          for (const clause of clauses) paper.paragraph(clause);
        });
      }),
  },
  {
    name: '14-contract-lift-maintenance.docx',
    bytes: () =>
      docxFile([
        { heading: 'Maintenance contract for two passenger lifts' },
        'Between Highline Lifts, Depot Street 2, Riverton, and the owners of 19 Park Terrace, dated 11 November 2024.',
        { heading: 'Services' },
        {
          list: [
            'inspection and lubrication every eight weeks',
            'emergency service at any hour, on site within ninety minutes',
            'the yearly test by an independent inspector, prepared and attended',
          ],
        },
        { heading: 'Price' },
        {
          table: [
            ['Position', 'Per year (EUR)'],
            ['Maintenance, lift A', '1,380.00'],
            ['Maintenance, lift B', '1,380.00'],
            ['Emergency line', '240.00'],
            ['Total', '3,000.00'],
          ],
        },
        'The price follows the wage index of the trade, for the first time on 1 January 2026, by at most 3 % a year.',
        { heading: 'Term' },
        'The contract runs for four years and is renewed by two unless notice is given three months before its end.',
      ]),
  },
  {
    name: '19-project-plan-footbridge.docx',
    bytes: () =>
      docxFile([
        { heading: 'Footbridge over the Elm Brook: project plan' },
        'The bridge of 1962 is closed since the flood of October 2024. The parish replaces it with one of larch on steel ' +
          'beams, 11.5 metres long and wide enough for a wheelchair and a pram to pass each other.',
        {
          table: [
            ['Phase', 'From', 'To', 'Cost (EUR)'],
            ['Survey and soil samples', '3 March', '21 March', '6,200'],
            ['Permits', '24 March', '30 May', '1,450'],
            ['Foundations', '16 June', '11 July', '38,900'],
            ['Beams and deck', '14 July', '8 August', '51,300'],
            ['Paths and planting', '11 August', '29 August', '9,750'],
          ],
        },
        'Risks, in the order of what they would cost:',
        {
          list: [
            'the ground on the north bank is softer than the old drawings say',
            'steel prices',
            'nesting birds until July',
          ],
        },
        'Opening: Saturday, 6 September 2025. Responsible: Oona Hartwell, building office, o.hartwell@example.com.',
      ]),
  },
];
