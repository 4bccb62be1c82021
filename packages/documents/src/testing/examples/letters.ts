import { docxFile } from '../docx-file.ts';
import { paperPdf } from '../paper-pdf.ts';
import { japanesePdf } from '../raw-pdf.ts';
import type { ExampleFile } from './example-file.ts';

export const LETTERS: readonly ExampleFile[] = [
  {
    name: '05-letter-water-damage.pdf',
    bytes: async () =>
      paperPdf((paper) => {
        paper.paragraph('Ines Albrook, 44 Canal View, Millbrook');
        paper.paragraph('To: Fairwind Insurance, Claims, Riverton. 9 January 2025');
        paper.heading('Claim for water damage, policy FW-20931');
        paper.paragraph('Dear Sir or Madam,');
        paper.paragraph(
          'On the night of 5 January the pipe under my kitchen sink burst while I was away for the weekend. I found ' +
            'the kitchen and the hall under about four centimetres of water on Sunday evening and had the water ' +
            'turned off by the caretaker at ten past seven.',
        );
        paper.paragraph(
          'The plumber replaced the pipe on Monday for 212.40. The floor of the kitchen, laid two years ago for ' +
            '1,890.00, has lifted over its whole width, and the lower doors of the cupboards no longer close. A ' +
            'joiner estimates 640.00 for them. The estimate and nine photographs are enclosed.',
        );
        paper.paragraph(
          'I ask you to confirm in writing that the repair of the floor may begin, and to tell me whether you wish ' +
            'to send an expert first. I am at home every weekday after four.',
        );
        paper.paragraph('Yours faithfully, Ines Albrook');
      }),
  },
  {
    name: '08-letter-bulgarian-school.pdf',
    bytes: async () =>
      paperPdf(
        (paper) => {
          paper.heading('Писмо до родителите');
          paper.paragraph('Основно училище «Бряст», град Речица, 15 септември 2025 г.');
          paper.paragraph(
            'Уважаеми родители, от първи октомври учебният ден започва в осем и половина. Училищният автобус тръгва ' +
              'от площада в осем часа. Моля, потвърдете до двадесети септември дали детето ви ще пътува с автобуса.',
          );
          paper.paragraph('Таксата за обяд остава без промяна: три лева и двадесет стотинки на ден.');
          paper.paragraph('С уважение, Мария Стоева, директор');
        },
        { script: 'other' },
      ),
  },
  {
    name: '09-notice-japanese-water-stop.pdf',
    bytes: () =>
      japanesePdf([
        '断水のお知らせ',
        '青葉団地管理組合　二〇二五年三月十日',
        '',
        '住民の皆様へ',
        '水道管の点検のため、三月十八日（火）午前九時から正午まで断水いたします。',
        '前日の夜までに飲み水をご用意ください。',
        '作業の後、最初の水は濁ることがありますので、一分ほど流してからお使いください。',
        'ご不便をおかけしますが、ご協力をお願いいたします。',
      ]),
  },
  {
    name: '16-letter-arabic-library.docx',
    bytes: () =>
      docxFile([
        { heading: 'رسالة إلى أعضاء المكتبة' },
        'المكتبة العامة، شارع النخيل، ٤ مايو ٢٠٢٥',
        'السادة الأعضاء المحترمين، يسرنا أن نعلمكم بأن المكتبة ستفتح أبوابها يوم الجمعة ابتداءً من الشهر القادم.',
        {
          list: [
            'من الأحد إلى الخميس: من التاسعة صباحاً حتى السادسة مساءً',
            'يوم الجمعة: من الرابعة حتى الثامنة مساءً',
          ],
        },
        'هل لديكم اقتراحات؟ اكتبوا إلينا على العنوان library@example.com. مع أطيب التحيات، ليلى منصور، مديرة المكتبة.',
      ]),
  },
  {
    name: '18-letter-of-application.docx',
    bytes: () =>
      docxFile([
        'Tomas Verring, 8 Station Road, Riverton, tomas.verring@example.com',
        '2 September 2025',
        { heading: 'Application as bicycle mechanic' },
        'Dear Ms Okafor,',
        'Your notice in the window of the workshop says that you are looking for someone who can true a wheel and does ' +
          'not mind getting wet. I have repaired bicycles for six years, the last three of them for the courier ' +
          'cooperative, where forty bicycles came through my hands each week.',
        'What I bring along:',
        {
          list: [
            'wheels, hubs and gears of every common make',
            'electric drives: diagnosis, and replacing of batteries and controllers',
            'orders and stock, which I kept for the cooperative with a budget of 2,400 a month',
          ],
        },
        'I could begin on 1 October. My expectation is 2,650 a month before tax.',
        'With kind regards, Tomas Verring',
      ]),
  },
  {
    name: '21-letter-chinese-tea.docx',
    bytes: () =>
      docxFile([
        { heading: '关于茶叶样品的函' },
        '云山茶庄　2025年4月8日',
        '尊敬的李女士：感谢您三月二十日的来信。我们已于昨日寄出六种春茶样品，每种五十克。',
        {
          table: [
            ['品名', '产地', '每公斤价格（元）'],
            ['明前绿茶', '北坡', '1,280'],
            ['高山白茶', '东岭', '960'],
            ['陈年红茶', '南谷', '720'],
          ],
        },
        '如一次订购满二十公斤，可享九折优惠。样品如有不妥，请来信告知。此致敬礼！',
      ]),
  },
];
