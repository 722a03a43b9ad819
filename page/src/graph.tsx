import {
  Controls,
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  type ReactFlowInstance,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { memo, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { PlanPicture } from '../../src/server/api.ts'
import { type Box, drawingOf, pipelineOf, type Scope, sameBox } from './graph-model.ts'
import { boundsOf, type Drawing, NODE_HEIGHT, NODE_WIDTH, type Places } from './layout.ts'
import { markOf, spanText, toneOf, useNow } from './words.tsx'

type BoxNode = Node<{ readonly box: Box; readonly open: (scope: Scope) => void; readonly down: boolean }, 'box'>

/** More boxes than this are not all shown at once: nobody can read them, and each is a part of the document. */
const MANY = 120

const NOTHING: Drawing = { nodes: [], edges: [], late: [], down: false }

/** The graph of a pipeline, live: boxes can be reached by Tab, opened by Enter, and zoomed by mouse, touch or buttons. */
export function Graph({
  boxes,
  onOpen,
  onPick,
  picked,
  plan,
  scope,
}: {
  readonly plan: PlanPicture
  readonly scope: Scope
  readonly boxes: readonly Box[]
  readonly picked: string | undefined
  readonly onPick: (path: string) => void
  readonly onOpen: (scope: Scope) => void
}) {
  const pipeline = pipelineOf(plan, scope.pipeline)
  const down = useNarrow()
  const drawing = useMemo(() => (pipeline ? drawingOf(pipeline, down) : NOTHING), [pipeline, down])
  const places = usePlaces(drawing)
  const latest = useRef({ onOpen, onPick })
  latest.current = { onOpen, onPick }
  const known = useRef(new Map<string, BoxNode>())
  const nodes = useMemo(() => {
    if (places === undefined) return []
    const next = new Map<string, BoxNode>()
    for (const box of boxes) {
      const [x = 0, y = 0] = places[box.id] ?? []
      const before = known.current.get(box.id)
      // A box that says what it said stays the object it was, and is not drawn again.
      const isSame =
        before !== undefined &&
        before.position.x === x &&
        before.position.y === y &&
        before.data.down === drawing.down &&
        before.selected === (picked === box.path) &&
        sameBox(before.data.box, box)
      next.set(
        box.id,
        isSame ? before : nodeOf(box, x, y, picked === box.path, (to) => latest.current.onOpen(to), drawing.down),
      )
    }
    known.current = next
    return [...next.values()]
  }, [boxes, places, picked, drawing])
  // Lines know nothing of a status: they are made anew only when the critical path goes another way.
  const way = boxes.flatMap((box) => (box.critical ? [box.id] : [])).join('\n')
  const edges = useMemo(() => {
    const critical = new Set(way.split('\n'))
    return drawing.edges.map(
      ([from, to]): Edge => ({
        id: `${from}>${to}`,
        source: from,
        target: to,
        focusable: false,
        className: critical.has(from) && critical.has(to) ? 'critical' : '',
      }),
    )
  }, [way, drawing])
  const [flow, setFlow] = useState<ReactFlowInstance<BoxNode>>()
  const shown = nodes.length > 0 ? `${scope.pipeline} ${scope.path} ${down}` : ''
  useEffect(() => {
    if (flow === undefined || shown === '') return
    if (drawing.nodes.length <= MANY) void flow.fitView({ minZoom: 0.5, maxZoom: 1, padding: 0.08 })
    else {
      const [x, y] = boundsOf(places ?? {})
      void flow.setViewport({ x: 24 - x * 0.7, y: 24 - y * 0.7, zoom: 0.7 })
    }
  }, [flow, shown, drawing, places])
  return (
    <section className="graph" aria-label={`Graph of ${scope.pipeline}`}>
      {places === undefined && <p role="status">Laying out {drawing.nodes.length} steps …</p>}
      <ReactFlow<BoxNode>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        onInit={setFlow}
        onNodeClick={(_, node) => onPick(node.data.box.path)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return
          const id = (event.target as HTMLElement).closest('.react-flow__node')?.getAttribute('data-id')
          const box = boxes.find((one) => one.id === id)
          if (box === undefined || (event.target as HTMLElement).closest('button')) return
          event.preventDefault()
          onPick(box.path)
        }}
        onlyRenderVisibleElements={drawing.nodes.length > MANY}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        nodesFocusable
        minZoom={0.05}
        maxZoom={1.6}
        proOptions={{ hideAttribution: true }}
      >
        <Controls showInteractive={false} position="bottom-left" />
      </ReactFlow>
    </section>
  )
}

const DOT = { width: 1, height: 1 }
const HANDLES_RIGHT: NonNullable<BoxNode['handles']> = [
  { ...DOT, type: 'target', position: Position.Left, x: 0, y: NODE_HEIGHT / 2 },
  { ...DOT, type: 'source', position: Position.Right, x: NODE_WIDTH, y: NODE_HEIGHT / 2 },
]
const HANDLES_DOWN: NonNullable<BoxNode['handles']> = [
  { ...DOT, type: 'target', position: Position.Top, x: NODE_WIDTH / 2, y: 0 },
  { ...DOT, type: 'source', position: Position.Bottom, x: NODE_WIDTH / 2, y: NODE_HEIGHT },
]

function nodeOf(
  box: Box,
  x: number,
  y: number,
  selected: boolean,
  open: (scope: Scope) => void,
  down: boolean,
): BoxNode {
  const what = box.kind === 'gate' ? `gate ${box.name}` : box.name
  return {
    id: box.id,
    type: 'box',
    position: { x, y },
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    // Known beforehand: else each box would be drawn once, wherever it is, to be measured.
    measured: { width: NODE_WIDTH, height: NODE_HEIGHT },
    handles: down ? HANDLES_DOWN : HANDLES_RIGHT,
    selected,
    data: { box, open, down },
    ariaRole: 'group',
    ariaLabel: [what, box.status, box.extra, box.critical ? 'on the critical path' : ''].filter(Boolean).join(', '),
    domAttributes: { 'aria-roledescription': box.kind === 'gate' ? 'gate' : 'step' },
  }
}

const BoxView = memo(({ data: { box, open, down }, selected }: NodeProps<BoxNode>) => {
  const moving = box.status === 'running'
  const now = useNow(moving)
  const classes = ['box', box.kind, toneOf(box.status), box.critical && 'critical', selected && 'picked']
  const [first] = box.opens
  return (
    <div className={classes.filter(Boolean).join(' ')}>
      <Handle type="target" position={down ? Position.Top : Position.Left} />
      <div className="box-name">
        {box.status !== '' && (
          <span className="mark" aria-hidden="true">
            {markOf(box.status)}
          </span>
        )}
        <span className="text" title={box.name}>
          {box.name}
        </span>
        <span className="span">{spanText(box.startedAt, box.endedAt, now)}</span>
      </div>
      <div className="box-does">
        <span className="text" title={box.does}>
          {box.extra === '' ? box.does : box.extra}
        </span>
        {first && (
          <button
            type="button"
            className="opens nodrag"
            aria-label={`Open the graph of ${box.name}`}
            onClick={(event) => {
              event.stopPropagation()
              open(first)
            }}
          >
            ⤵
          </button>
        )}
      </div>
      <Handle type="source" position={down ? Position.Bottom : Position.Right} />
    </div>
  )
})
BoxView.displayName = 'BoxView'

/** The width below which the style puts everything under each other. */
const NARROW = matchMedia('(max-width: 760px)')

function useNarrow(): boolean {
  return useSyncExternalStore(
    (told) => {
      NARROW.addEventListener('change', told)
      return () => NARROW.removeEventListener('change', told)
    },
    () => NARROW.matches,
  )
}

const NODE_TYPES = { box: BoxView }

/** Where the boxes stand, worked out in a worker; nothing until it is known. */
function usePlaces(drawing: Drawing): Places | undefined {
  const [known, setKnown] = useState<{ readonly of: Drawing; readonly places: Places }>()
  useEffect(() => {
    const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<Places>) => {
      setKnown({ of: drawing, places: data })
      worker.terminate()
    })
    worker.postMessage(drawing)
    return () => worker.terminate()
  }, [drawing])
  return known?.of === drawing ? known.places : undefined
}
