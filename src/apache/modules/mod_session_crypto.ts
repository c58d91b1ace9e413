import { defineModule } from './define';

export const mod_session_crypto = defineModule({
  name: 'mod_session_crypto',
  directives: {
    SessionCryptoPassphrase: {
      args: 'ITERATE',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'The passphrase(s) used to encrypt the session. First will be used for encryption, all phrases will be accepted for decryption',
    },
    SessionCryptoPassphraseFile: {
      args: 'TAKE1',
      where: ['RSRC_CONF', 'ACCESS_CONF'],
      help: 'File containing passphrase(s) used to encrypt the session, one per line. First will be used for encryption, all phrases will be accepted for decryption',
    },
    SessionCryptoCipher: {
      args: 'TAKE1',
      where: ['AuthConfig', 'RSRC_CONF'],
      help: 'The underlying crypto cipher to use',
    },
    SessionCryptoDriver: {
      args: 'RAW_ARGS',
      where: ['RSRC_CONF'],
      help: 'The underlying crypto library driver to use',
    },
  },
});
