// Starts Scalar's mock server: node server.mjs DOCUMENT PORT, through npx (see ../scalar.toml).
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

// npx puts the folder of the packages it installed, node_modules/.bin, first on the PATH.
const bin = process.env.PATH.split(delimiter)[0]
const packages = createRequire(resolve(bin, '../../package.json'))
const load = (name) => import(pathToFileURL(packages.resolve(name)).href)

const { createMockServer } = await load('@scalar/mock-server')
const { serve } = await load('@hono/node-server')

const [document, port] = process.argv.slice(2)
const server = await createMockServer({ document: readFileSync(document, 'utf8') })
serve({ fetch: server.fetch, port: Number(port), hostname: '127.0.0.1' })
