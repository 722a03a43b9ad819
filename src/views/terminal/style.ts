import { styleText } from 'node:util'

/** How text is coloured: one name per meaning, so that a view never says a colour. */
export interface Style {
  readonly coloured: boolean
  good(text: string): string
  bad(text: string): string
  warn(text: string): string
  dim(text: string): string
  strong(text: string): string
}

/** A style that colours, or one that leaves every text as it is. */
export function makeStyle(colour: boolean): Style {
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    colour && text !== '' ? styleText(format, text, { validateStream: false }) : text
  return {
    coloured: colour,
    good: paint('green'),
    bad: paint('red'),
    warn: paint('yellow'),
    dim: paint('dim'),
    strong: paint('bold'),
  }
}

/** Whether a stream should get colour: NO_COLOR forbids, FORCE_COLOR asks, else a terminal that is not dumb. */
export function wantsColour(
  stream: { readonly isTTY?: boolean },
  env: { readonly [name: string]: string | undefined },
): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true
  return stream.isTTY === true && env.TERM !== 'dumb'
}
