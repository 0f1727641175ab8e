import { mount } from 'svelte'
import 'maplibre-gl/dist/maplibre-gl.css'
import './page.css'
import App from './shell/App.svelte'

mount(App, { target: document.getElementById('app') as HTMLElement })
