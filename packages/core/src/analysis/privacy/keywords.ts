import { isAscii } from '../is-ascii.ts';
import type { Detector } from './detector.ts';

/** Words by which people mark a text as secret or medical, as whole words, in a few languages. */
export const keywords: Detector = {
  name: 'keywords',
  find: (text) => (isAscii(text) ? PLAIN : ANY).test(text),
};

/** A blank stands for any blank, line end or hyphen. */
const WORDS = [
  // English
  'confidential|confidentiality|strictly private|proprietary|trade secrets?|nda|non disclosure|nondisclosure',
  'internal use only|do not distribute|attorney client|legally privileged|privileged and confidential',
  'patients?|diagnos[ie]s|diagnosed|medical|prescriptions?|health records?|hipaa',
  // German
  'vertraulich(?:e[mnrs]?|keit)?|geheimhaltung(?:svereinbarung)?|betriebsgeheimnis(?:se)?|verschlusssache',
  'patient(?:in|en|innen)|diagnosen?|krankenakten?|arztbriefe?|medizinisch(?:e[mnrs]?)?|schweigepflicht',
  // French
  'confidentiel(?:le)?s?|confidentialité|secret médical|secret professionnel|patientes?|dossier médical|médicale?s?',
  // Spanish
  'confidencial(?:es|idad)?|pacientes?|diagnósticos? médicos?|historia clínica|secreto profesional|médic[oa]s?',
] as const;
/** Written without blanks between words, so found anywhere. */
const CHARACTERS = '機密|秘密保持|社外秘|極秘|患者|診断|カルテ|机密|保密|诊断';

const WORD = `(?:${WORDS.join('|').replaceAll(' ', '[\\s-]{1,3}')})`;
const ANY = new RegExp(`(?<![\\p{L}\\p{N}_])${WORD}(?![\\p{L}\\p{N}_])|${CHARACTERS}`, 'iu');
/** The same for a text of ASCII alone, in half the time: letters, digits and `_` are what `\b` parts words by. */
const PLAIN = new RegExp(`\\b${WORD}\\b`, 'i');
