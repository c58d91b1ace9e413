/**
 * True for a Transfer-Encoding whose last coding is `chunked`: behind a comma, which only spaces may follow (ap_is_chunked; measured,
 * 2.4.71: a blank alone separates no codings).
 */
export const endsInChunked = (coding: string): boolean => CHUNKED.test(coding);

const CHUNKED = /(?:^|,) *chunked$/i;
