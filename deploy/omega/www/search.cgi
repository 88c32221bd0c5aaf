#!/bin/sh
# Omega takes days as 20190305, a browser sends 2019-03-05; and totals are to be exact as far as 1000. That is all this
# does.
[ "$REQUEST_METHOD" = GET ] || { printf 'Status: 405 Method Not Allowed\r\nAllow: GET\r\n\r\n'; exit 0; }
QUERY_STRING=$(printf '%s' "$QUERY_STRING" |
  sed -E 's/(^|&)(START|END)\.0=([0-9]{4})-([0-9]{2})-([0-9]{2})/\1\2.0=\3\4\5/g')"&MINHITS=1000"
export QUERY_STRING
exec /usr/lib/cgi-bin/omega/omega
