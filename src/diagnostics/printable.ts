/** Text that cannot move the cursor, colour the terminal or turn the reading direction. */
export function printable(text: string): string {
  return text.replace(/[\0-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]/g, '\ufffd')
}
