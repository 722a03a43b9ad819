import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'

/** A list of rows of one height, of which only those that can be seen are in the document. */
export function Rows<T>({
  className,
  height,
  items,
  label,
  keyOf,
  row,
}: {
  readonly items: readonly T[]
  readonly height: number
  readonly label: string
  readonly className: string
  readonly keyOf: (item: T) => string
  readonly row: (item: T) => ReactNode
}) {
  const box = useRef<HTMLUListElement>(null)
  const [view, setView] = useState({ top: 0, height: 800 })
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight })
    look()
    const sizes = new ResizeObserver(look)
    sizes.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      sizes.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [])
  const from = Math.max(0, Math.floor(view.top / height) - 8)
  const to = Math.min(items.length, Math.ceil((view.top + view.height) / height) + 8)
  return (
    <ul
      ref={box}
      className={`rows ${className}`}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it can be scrolled by keys only where it can be focused
      tabIndex={0}
      style={{ paddingTop: from * height, paddingBottom: (items.length - to) * height }}
    >
      {items.slice(from, to).map((item, index) => (
        <li key={keyOf(item)} style={{ height }} aria-posinset={from + index + 1} aria-setsize={items.length}>
          {row(item)}
        </li>
      ))}
    </ul>
  )
}
