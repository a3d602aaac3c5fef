package plain;
