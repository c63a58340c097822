filedesc://x.arc 0.0.0.0 20160504100000 text/plain 20
1 0 Courier
URL IP-add

http://courier.example/ferry 1.2.3.4 20160504100000 text/html 419
HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!doctype html><html lang=en><head><meta charset=utf-8><title>Ferry Returns - The Harlow Courier</title></head><body><article><h1>Ferry Returns</h1><p class=byline>By Ada Quill</p><p>HARLOW &mdash; The ferry came back on <b>Tuesday<i>, and</b> nobody</i> had expected it.<table><tr><td>x<p>"We missed it," said Mayor Odile Park.</table></article></body></html>
