import type { Explanation } from './explanation.ts'

export const PLAN_EXPLANATIONS: { readonly [code: string]: Explanation } = {}
