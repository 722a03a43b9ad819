// Loaded into a program by `--import`: writes its peak resident memory, in KiB, to a file at its end.
import { writeFileSync } from 'node:fs'

process.once('exit', () => writeFileSync(process.env.OPSFLOW_BENCH_RSS, String(process.resourceUsage().maxRSS)))
