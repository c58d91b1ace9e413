// A TCP line with a round-trip time, in a process of its own so that it does not share the processor with what is measured.
//   node delayLine.mjs TARGET-PORT MILLISECONDS      prints its own port
import { connect, createServer } from 'node:net';

const [target, roundTrip] = process.argv.slice(2).map(Number);
const oneWay = roundTrip / 2;

/** Passes bytes on after a while, in order, and the end after the last of them. */
function delayed(from, to) {
  from.on('data', (bytes) => setTimeout(() => to.write(bytes), oneWay));
  from.on('end', () => setTimeout(() => to.end(), oneWay));
  from.on('error', () => to.destroy());
  from.on('close', () => setTimeout(() => to.destroy(), oneWay + 50));
}

const server = createServer((client) => {
  const peer = connect(target, '127.0.0.1');
  client.setNoDelay(true);
  peer.setNoDelay(true);
  if (oneWay === 0) {
    client.pipe(peer).pipe(client);
    client.on('error', () => peer.destroy());
    peer.on('error', () => client.destroy());
    return;
  }
  delayed(client, peer);
  delayed(peer, client);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.on('disconnect', () => process.exit());
