const WIDE =
  /^(?:[\u1100-\u115F\u231A\u231B\u2329\u232A\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}|[\u{20000}-\u{3FFFD}])|\uFE0F/u
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]+$/u
/** Made when it is first needed: that takes longer than all else of a short command. */
let segmenter: Intl.Segmenter | undefined

/** The characters of a text as a reader counts them, each with its columns. */
export function* graphemes(
  text: string,
): Generator<{ readonly text: string; readonly index: number; readonly width: number }> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  for (const { segment, index } of segmenter.segment(text))
    yield { text: segment, index, width: graphemeWidth(segment) }
}

function graphemeWidth(grapheme: string): number {
  if (WIDE.test(grapheme)) return 2
  return ZERO.test(grapheme) ? 0 : 1
}
