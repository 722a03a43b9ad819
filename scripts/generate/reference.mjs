export function referenceOf() {
  return ''
}
