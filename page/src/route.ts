import { useSyncExternalStore } from 'react'

/** Where the reader is: the words of the address behind `#/`, and what stands behind its `?`. */
export interface Route {
  readonly words: readonly string[]
  readonly query: { readonly [name: string]: string }
}

function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const words = path.split('/').filter((word) => word !== '')
  return { words: words.map(decoded), query: Object.fromEntries(new URLSearchParams(query)) }
}

export function writeRoute({ words, query }: Route): string {
  const wanted = Object.entries(query).filter(([, value]) => value !== '')
  const tail = wanted.length === 0 ? '' : `?${new URLSearchParams(wanted)}`
  return `#/${words.map(encodeURIComponent).join('/')}${tail}`
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word)
  } catch {
    return word
  }
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (told) => {
      addEventListener('hashchange', told)
      return () => removeEventListener('hashchange', told)
    },
    () => location.hash,
  )
  return readRoute(hash)
}

/** Goes there. `replace`: what is only a detail of the same view makes no step back. */
export function go(route: Route, replace = false): void {
  const hash = writeRoute(route)
  if (replace) {
    history.replaceState(null, '', hash)
    dispatchEvent(new HashChangeEvent('hashchange'))
  } else location.hash = hash
}
