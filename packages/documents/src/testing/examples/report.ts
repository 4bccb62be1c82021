import { paperPdf, type Paper } from '../paper-pdf.ts';
import type { ExampleFile } from './example-file.ts';

const STATIONS = [
  'Alder Ford',
  'Ash Weir',
  'Beck Mouth',
  'Birch Lock',
  'Black Sluice',
  'Bridge End',
  'Brook Farm',
  'Castle Mill',
  'Clay Pits',
  'Copper Beech',
  'Cross Keys',
  'Dean Hollow',
  'East Pumps',
  'Fern Bank',
  'Fuller Street',
  'Glass Works',
  'Gravel Island',
  'Heron Steps',
  'High Intake',
  'Kiln Lane',
  'Lower Basin',
  'Marsh Gate',
  'North Spring',
  'Old Ferry',
  'Quarry Pool',
  'Reed Corner',
  'Salt Wharf',
  'Thorn Dyke',
  'Upper Basin',
  'Willow Reach',
] as const;

const QUARTERS = ['Jan–Mar', 'Apr–Jun', 'Jul–Sep', 'Oct–Dec'] as const;

const OBSERVATIONS = [
  'The probe was replaced after it had shown the same value for three days.',
  'After the storm of 14 June the water was cloudy for almost a week; the intake was closed as a precaution.',
  'Two anglers reported dead roach. The laboratory found nothing but a lack of oxygen on the hottest night of the year.',
  'The bank was fenced, since cattle had trodden it down and mud reached the gauge.',
  'A pipe that was in no drawing was found and closed. It had drained a yard.',
  'The school nearby reads the gauge each morning; its values agree with ours within two centimetres.',
  'Sampling was given up between 3 and 19 February because of ice.',
  'The farmer upstream has left a strip of eight metres unploughed. Nitrate fell by a fifth within the year.',
  'Kingfishers bred here for the first time since the counts began.',
  'The station works without a fault and is due for painting.',
] as const;

const ADVICE = [
  'No change is needed.',
  'Samples should be taken weekly in summer.',
  'The gauge is to be moved forty metres downstream, away from the eddy.',
  'The owner of the yard has been asked in writing to separate rain from waste water.',
  'A second probe would cost 2,900 and spare some thirty journeys a year.',
] as const;

/** The long one: two pages of opening, a page of text and one of figures for each of 29 stations and more. */
export const REPORT: readonly ExampleFile[] = [
  {
    name: '06-annual-water-report-60-pages.pdf',
    bytes: async () =>
      paperPdf((paper) => {
        const next = numbers(20_250_131);
        opening(paper);
        for (const [index, station] of STATIONS.slice(0, 29).entries()) {
          paper.newPage();
          stationText(paper, `${index + 1}. ${station}`, next);
          paper.newPage();
          stationFigures(paper, station, next);
        }
      }),
  },
];

function opening(paper: Paper): void {
  paper.heading('The water of the valley: annual report');
  paper.paragraph(
    'River Trust of the Elm Valley, 31 January 2025. Editor: Noor Castellan, noor@rivertrust.example.com',
  );
  paper.paragraph(
    'This report covers 29 of the 30 stations; Willow Reach was rebuilt and gave no values. We took 1,508 samples, ' +
      'eleven more than planned, at a cost of 187,300, which is 4,100 less than the budget allowed.',
  );
  paper.paragraph(
    'In short: the water is better than ten years ago at 21 stations, as good at 6, and worse at Salt Wharf and Kiln ' +
      'Lane. Nitrate falls wherever strips along the bank are left unploughed. The hot week of July brought the lowest ' +
      'oxygen since the counts began. No limit for drinking water was exceeded.',
  );
  paper.newPage();
  paper.heading('How to read the figures');
  paper.paragraph(
    'Oxygen is given in milligrams per litre, measured at six in the morning, when there is least of it. Nitrate is ' +
      'given in milligrams per litre as NO3. The level is the mean of the quarter, in centimetres above the gauge’s zero.',
  );
  paper.paragraph(
    'Values in the text are rounded. Where a probe failed, the gap is filled from the neighbouring station and said so.',
  );
}

function stationText(paper: Paper, title: string, next: (below: number) => number): void {
  paper.heading(title);
  const start = next(OBSERVATIONS.length);
  for (let index = 0; index < 5; index += 1) {
    const observation = OBSERVATIONS[(start + index * 3) % OBSERVATIONS.length] ?? '';
    const samples = 40 + next(20);
    paper.paragraph(
      `${observation} Of ${samples} samples ${samples - next(4)} were without objection. The mean level was ` +
        `${60 + next(90)} centimetres, ${next(12)} ${next(2) === 0 ? 'above' : 'below'} that of the year before, and the ` +
        `water was warmest on ${1 + next(28)} July with ${19 + next(6)}.${next(10)} degrees.`,
    );
  }
  paper.paragraph(`Advice: ${ADVICE[next(ADVICE.length)] ?? ''}`);
}

function stationFigures(paper: Paper, station: string, next: (below: number) => number): void {
  paper.heading(`${station}: figures`);
  paper.table([
    ['Quarter', 'Level', 'Oxygen', 'Nitrate', 'Samples'],
    ...QUARTERS.map((quarter) => [
      quarter,
      String(55 + next(100)),
      `${6 + next(5)}.${next(10)}`,
      `${8 + next(22)}.${next(10)}`,
      String(10 + next(6)),
    ]),
  ]);
  paper.paragraph(
    `The next inspection of ${station} is planned for week ${10 + next(30)} of the coming year.`,
  );
}

/** The same numbers at each run: a linear congruential generator, good enough for figures nobody relies on. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
