import { type Drawing, placesOf } from './layout.ts'

// Beside the page: it stays fluid while a large graph is laid out.
addEventListener('message', ({ data }: MessageEvent<Drawing>) => {
  postMessage(placesOf(data))
})
