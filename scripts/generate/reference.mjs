export function referenceOf() { return '' }
