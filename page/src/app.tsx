import { useEffect, useState } from 'react'
import type { ProjectInfo } from '../../src/server/api.ts'
import { useAsked } from './ask.ts'
import { FileView } from './file.tsx'
import { Files } from './files.tsx'
import { Reports } from './report.tsx'
import { useRoute } from './route.ts'
import { RunView } from './run.tsx'
import { Runs } from './runs.tsx'
import { Signals } from './signals.tsx'
import { Nowhere, Problem } from './words.tsx'

const PLACES = [
  { word: 'runs', name: 'Runs' },
  { word: 'signals', name: 'Signals' },
  { word: 'files', name: 'Files' },
  { word: 'reports', name: 'Reports' },
]

export function App() {
  const route = useRoute()
  const { value: project, problem } = useAsked<ProjectInfo>('/api/project')
  const [place = 'runs', name] = route.words
  useEffect(() => {
    document.title = [name, project?.name, 'opsflow'].filter(Boolean).join(' · ')
  }, [name, project])
  return (
    <>
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <header className="top">
        <a className="brand" href="#/runs">
          opsflow
        </a>
        <span className="project" title={project?.root}>
          {project?.name}
        </span>
        <nav aria-label="Places">
          {PLACES.map(({ name: title, word }) => (
            <a key={word} href={`#/${word}`} aria-current={place === word ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <ThemeChoice />
      </header>
      <main id="main" tabIndex={-1}>
        <Problem text={problem} />
        {place === 'runs' && name === undefined && <Runs query={route.query} />}
        {place === 'runs' && name !== undefined && (
          <RunView
            key={name}
            run={name}
            tab={route.words[2] ?? 'graph'}
            query={route.query}
            user={project?.user ?? ''}
          />
        )}
        {PLACES.every(({ word }) => word !== place) && <Nowhere />}
        {place === 'signals' && <Signals />}
        {place === 'reports' && <Reports query={route.query} />}
        {place === 'files' && name === undefined && <Files />}
        {place === 'files' && name !== undefined && <FileView key={name} path={name} />}
      </main>
    </>
  )
}

const THEMES = ['system', 'light', 'dark'] as const

function ThemeChoice() {
  const [theme, setTheme] = useState(() => localStorage.getItem('theme') ?? 'system')
  useEffect(() => {
    document.documentElement.dataset.theme = theme
    localStorage.setItem('theme', theme)
  }, [theme])
  return (
    <select className="theme" aria-label="Colours" value={theme} onChange={(event) => setTheme(event.target.value)}>
      {THEMES.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  )
}
