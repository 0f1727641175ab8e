// MapLibre parses tiles in a worker. Its file is built beside the page, so that it comes from our own
// origin and a strict content security policy can hold.
import { setWorkerUrl } from 'maplibre-gl'
import url from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'

setWorkerUrl(url)
