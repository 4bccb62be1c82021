/** The kinds of personal or confidential data the detectors know, by name; configuration chooses among them. */
export const PRIVACY_DETECTORS = ['ssn', 'card', 'iban', 'passport', 'email', 'phone', 'keywords'] as const;
export type PrivacyDetector = (typeof PRIVACY_DETECTORS)[number];
