import { docxFile } from '../docx-file.ts';
import { paperPdf } from '../paper-pdf.ts';
import type { ExampleFile } from './example-file.ts';

const RESIDENTS: readonly (readonly [heading: string, said: readonly string[]])[] = [
  [
    'Item 1: accounts of last year',
    [
      'Ms Lindqvist presents the accounts. Income of 48,200 stands against costs of 45,930; the reserve rises to 31,400. ' +
        'The largest item was the repair of the boiler with 7,850.',
      'Mr Adeyemi asks why the lighting of the garage cost twice as much as the year before. The old tubes were ' +
        'replaced; from now on the cost is expected to fall by a third.',
      'The accounts are approved with 17 votes, one abstention.',
    ],
  ],
  [
    'Item 2: bicycle shed',
    [
      'Three offers are before the meeting: wood for 9,400, steel for 12,100, and steel with a green roof for 14,650.',
      'After a discussion of about half an hour the meeting decides for steel with a green roof by 11 votes to 7. ' +
        'Building begins after the summer holidays; until then the bicycles stay in the north passage.',
    ],
  ],
  [
    'Item 3: quiet hours',
    [
      'Several residents complain about music in the yard late at night. It is agreed that the yard is quiet from ten, ' +
        'on Fridays and Saturdays from eleven. The caretaker puts up a notice by the end of the month.',
    ],
  ],
  [
    'Item 4: election',
    [
      'Ms Lindqvist stands down after six years and is thanked with applause. Elected are Mr Brandt as chair, with 15 ' +
        'votes, and Ms Oyelaran as treasurer, unopposed.',
      'Next meeting: 14 October 2025, seven in the evening, in the laundry room. End: 21:10.',
    ],
  ],
];

export const MINUTES: readonly ExampleFile[] = [
  {
    name: '04-minutes-residents-meeting.pdf',
    bytes: async () =>
      paperPdf((paper) => {
        paper.heading('Minutes of the residents’ meeting');
        paper.paragraph(
          'Park Terrace 19, 8 April 2025, 19:00 to 21:10. Present: 18 of 24 flats. Minutes: P. Moreau.',
        );
        RESIDENTS.forEach(([heading, said], index) => {
          if (index === 2 || index === 3) paper.newPage();
          paper.heading(heading);
          for (const paragraph of said) paper.paragraph(paragraph);
        });
      }),
  },
  {
    name: '13-minutes-steering-group.docx',
    bytes: () =>
      docxFile([
        { heading: 'Steering group “One Ticket”, 4th meeting' },
        '19 May 2025, 10:00 to 11:45. Present: Amara Diallo (chair), Finn Kowal, Rosa Tveit, Jun Nakata (minutes).',
        { heading: 'Decisions' },
        {
          list: [
            'The pilot starts on 1 September on lines 4 and 11, not on the whole network.',
            'Tickets on paper are sold at least until the end of 2026.',
            'The budget for signs rises from 18,000 to 23,500.',
          ],
        },
        { heading: 'Open points' },
        {
          table: [
            ['What', 'Who', 'Until'],
            ['Contract with the operator of the barrier', 'Finn Kowal', '2 June'],
            ['Test with thirty passengers, ten of them over seventy', 'Rosa Tveit', '30 June'],
            ['Text for the website in four languages', 'Jun Nakata', '11 July'],
          ],
        },
        'Not agreed: whether children under six need a ticket of their own. Ms Diallo asks the council.',
      ]),
  },
  {
    name: '17-minutes-japanese-festival.docx',
    bytes: () =>
      docxFile([
        { heading: '夏祭り実行委員会　第二回議事録' },
        '日時：2025年5月24日（土）18時〜19時半　場所：公民館　出席：九名',
        { heading: '決定事項' },
        {
          list: [
            '開催日は8月2日（土）とし、雨天の場合は翌日に延期する。',
            '屋台は十二店までとする。',
            '予算は38万円とする。',
          ],
        },
        {
          table: [
            ['担当', '内容', '期限'],
            ['田中', '太鼓の手配', '6月14日'],
            ['鈴木', 'ちらしの印刷（五百枚）', '7月5日'],
          ],
        },
        '次回は6月21日に行う。駐車場の件は町内会と相談のうえ決定する。',
      ]),
  },
];
