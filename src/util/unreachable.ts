/** The default branch of an exhaustive switch: fails to compile when a case is missing, and says what came at run time. */
export function unreachable(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
