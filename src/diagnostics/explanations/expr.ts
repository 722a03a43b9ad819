import type { Explanation } from './explanation.ts'

export const EXPR_EXPLANATIONS: { readonly [code: string]: Explanation } = {}
