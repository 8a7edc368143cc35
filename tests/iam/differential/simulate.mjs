// Reads one simulation a line, as JSON, and writes the simulator's result for each: "Allowed", "ExplicitlyDenied",
// "ImplicitlyDenied", or what keeps it from judging, which is a fault of the case.
import { createInterface } from 'node:readline'
import { runSimulation } from '@cloud-copilot/iam-simulate'

function verdict(answer) {
  if (answer.resultType !== 'single') return `error: ${JSON.stringify(answer.errors ?? answer.resultType)}`
  const ignored = answer.result.ignoredContextKeys ?? []
  return ignored.length ? `error: no such context keys here: ${ignored.join(' ')}` : answer.overallResult
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(verdict(await runSimulation(JSON.parse(line), {})))
}
