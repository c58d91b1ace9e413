import { defineModule } from './define';

export const mod_session_crypto = defineModule({
  name: 'mod_session_crypto',
  directives: {
    SessionCryptoPassphrase: {
      args: 'ITERATE',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'The passphrase(s) used to encrypt the session. First will be used for encryption, all phrases will be accepted for decryption',
      summary: 'The secret that sessions are encrypted with; older ones behind it still open them.',
      /** `exec:` runs a program of the server; what it says is not known here. */
      apply: () => undefined,
    },
    SessionCryptoPassphraseFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'File containing passphrase(s) used to encrypt the session, one per line. First will be used for encryption, all phrases will be accepted for decryption',
      summary: 'The file with the secrets that sessions are encrypted with.',
    },
    SessionCryptoCipher: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'The underlying crypto cipher to use',
      summary: 'The cipher that sessions are encrypted with.',
      /** A cipher that does not exist shows with the first request. */
      apply: () => undefined,
    },
    SessionCryptoDriver: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'The underlying crypto library driver to use',
      summary: 'The library that encrypts sessions.',
    },
  },
});
