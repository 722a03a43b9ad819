/** Whether a path, taken from a folder, stays in that folder, as it is written: links are not looked at. */
export function isInFolder(folder: string, path: string): boolean {
  if (path.includes('\0')) return false
  const whole = partsOf(path.startsWith('/') ? path : `${folder}/${path}`)
  return partsOf(folder).every((part, at) => whole[at] === part)
}

function partsOf(path: string): readonly string[] {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts
}
