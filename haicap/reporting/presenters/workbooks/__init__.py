"""Forms as workbooks: made for filling in, read again, compared with what is stored."""
