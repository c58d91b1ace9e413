import { describe, expect, it } from 'vitest';
import { isInSubnet, parseAddress, parseSubnet } from '../../../src/apache/expr';

function contains(network: string, address: string): boolean | undefined {
  const subnet = parseSubnet(network);
  return subnet && isInSubnet(subnet, parseAddress(address) ?? []);
}

describe('networks', () => {
  it.each([
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.1.2.3', false],
    ['10.1', '10.1.2.3', true],
    ['10.1.', '10.2.2.3', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.0.0/255.255.0.0', '10.1.9.9', true],
    ['10.1.2.3/16', '10.1.9.9', true],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['fe80::/10', 'fec0::1', false],
    ['2001:db8::1', '2001:DB8:0:0::1', true],
    ['::/1', '10.1.2.3', false],
    ['127.0.0.0/8', '127.1', true],
    ['127.0.0.0/8', '0x7f000001', true],
    ['8.1.2.3', '010.1.2.3', true],
    ['10.0.0.0/8', 'name', false],
    ['0000010.1.2.3/8', '10.9.9.9', true],
    ['4294967306', '10.1.2.3', true],
    ['1::2:3:4:5:6:7:8', '1::', true],
    ['1:2:3:4:5:6:7:8:', '1:2:3:4:5:6:7:8', true],
    ['10.0.0.0/8', '1:2:3:4:5:6:7:8:', false],
    ['fec0::/10', 'fec0::1%eth0', false],
    ['fec0::/10', 'fec0::1%2', true],
  ])('%s holds %s: %s', (network, address, expected) => {
    expect(contains(network, address)).toBe(expected);
  });

  it.each([
    '',
    'name',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '10/8',
    '256.1.2.3',
    '1.2.3.4.5',
    '::ffff:10.1.2.3',
    '::1/129',
    ':::1',
    '1..2',
    '1.2.3.4::',
    '10.0.0.0/',
    '1.2.3.4/a',
  ])('refuses %s', (network) => {
    expect(parseSubnet(network)).toBeUndefined();
  });
});
