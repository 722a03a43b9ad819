/** Cuts a byte stream into lines and gives the JSON value of each; the split may fall anywhere, also inside a character. */
export function jsonLines<T>(take: (value: T) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = []
  return (chunk) => {
    let from = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const text =
        parts.length > 0
          ? Buffer.concat([...parts, chunk.subarray(from, end)]).toString()
          : chunk.toString('utf8', from, end)
      parts = []
      from = end + 1
      take(JSON.parse(text) as T)
    }
    if (from < chunk.length) parts.push(chunk.subarray(from))
  }
}
