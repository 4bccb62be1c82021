/**
 * Text from elsewhere (a model's answer is not; names, reasons and details are) for a terminal: control characters
 * become spaces, so that nothing moves the cursor or recolours the screen.
 */
// oxlint-disable-next-line no-control-regex -- these are the characters meant
export const plainText = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
