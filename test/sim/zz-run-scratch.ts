import { examine } from './examine.ts'
import { generate } from './generate.ts'
const [from, count] = process.argv.slice(2).map(Number)
process.on('unhandledRejection', (e) => console.log('UNHANDLED', String(e)))
const kinds = new Map<string, { n: number; seeds: number[]; text: string }>()
for (let seed = from!; seed < from! + count!; seed++) {
  const scenario = generate(seed, {})
  const { violations } = await examine(scenario, undefined, seed % 3)
  for (const v of violations as any[]) {
    const text = JSON.stringify(v)
    const key = (v.invariant ?? v.name ?? '') + ' ' + String(v.message ?? v.text ?? text).replace(/`[^`]*`/g, 'X').replace(/\d+/g, 'N').slice(0, 90)
    const k = kinds.get(key) ?? { n: 0, seeds: [], text }
    k.n++; if (k.seeds.length < 4 && !k.seeds.includes(seed)) k.seeds.push(seed)
    kinds.set(key, k)
  }
}
for (const [key, k] of [...kinds].sort((a, b) => b[1].n - a[1].n)) console.log(k.n, key, k.seeds.join(','), k.text.slice(0, 260))
