/** Cuts a byte stream into lines and gives the JSON value of each; the split may fall anywhere, also inside a character. */
export function jsonLines<T>(take: (value: T) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = []
  return (chunk) => {
    let from = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const line = chunk.subarray(from, end)
      const whole = parts.length > 0 ? Buffer.concat([...parts, line]) : line
      parts = []
      from = end + 1
      take(JSON.parse(whole.toString('utf8')) as T)
    }
    if (from < chunk.length) parts.push(chunk.subarray(from))
  }
}
