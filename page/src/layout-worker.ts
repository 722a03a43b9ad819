import { type Drawing, placesOf } from './layout.ts'

// Beside the page: it stays fluid while a large graph is laid out.
addEventListener('message', ({ data }: MessageEvent<{ readonly id: number; readonly drawing: Drawing }>) => {
  postMessage({ id: data.id, places: placesOf(data.drawing) })
})
