import type { Explanation } from './explanation.ts'

export const SCHEMA_EXPLANATIONS: { readonly [code: string]: Explanation } = {}
