# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, embedsignature=True
"""Plain text to numbers, compiled: lines of decimal numbers separated by commas."""

import numpy as np

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport int64_t, uint64_t
from libc.stdio cimport FILE, SEEK_END, SEEK_SET, fclose, fopen, fread, fseek, ftell
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

cdef enum:
    MOST_DIGITS = 18
    MOST_DECIMALS = 22

cdef uint64_t EXACT = 1 << 53
"""Whole numbers up to here, and powers of ten up to 10**22, are exact in float64, so that one
division rounds correctly."""

cdef double[23] POWERS = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]

cdef struct Tally:
    int64_t values
    int64_t lines


def scan_file(bytes path):
    """Read and scan a file without holding the interpreter's lock, so that threads do it at once.

    Parameters
    ----------
    path : bytes
        The file, as the system names it.

    Returns
    -------
    tuple of arrays or None
        float64 values and int64 offsets of the lines; None when the file cannot be read, or a line is
        anything else than 1, 4 or 2n >= 6 plain numbers. The last line may lack its newline.
    """
    cdef const char *name = PyBytes_AS_STRING(path)
    cdef Scan result
    with nogil:
        result = read_and_scan(name)
    try:
        if result.found.lines < 0:
            return None
        values = np.empty(result.found.values, dtype=np.float64)
        offsets = np.empty(result.found.lines + 1, dtype=np.int64)
        copy_into(values, offsets, result)
        return values, offsets
    finally:
        free(result.values)
        free(result.offsets)


cdef struct Scan:
    double *values
    int64_t *offsets
    Tally found        # lines are negative when nothing was scanned


cdef Scan read_and_scan(const char *name) noexcept nogil:
    cdef Scan result
    cdef int64_t size = 0
    cdef char *text = read_whole(name, &size)
    cdef Tally most
    result.values = NULL
    result.offsets = NULL
    result.found.lines = -1
    if text == NULL:
        return result
    most = count_separators(text, size)
    result.values = <double *> malloc(most.values * sizeof(double))
    result.offsets = <int64_t *> malloc((most.lines + 1) * sizeof(int64_t))
    if result.values != NULL and result.offsets != NULL:
        result.found = scan_lines(text, size, result.values, result.offsets)
    free(text)
    return result


cdef char *read_whole(const char *name, int64_t *size) noexcept nogil:
    """Read a file into new memory, with a 0 behind its last byte; NULL when that fails."""
    cdef FILE *file = fopen(name, "rb")
    cdef char *text = NULL
    if file == NULL:
        return NULL
    if fseek(file, 0, SEEK_END) == 0:
        size[0] = ftell(file)
        if size[0] >= 0 and fseek(file, 0, SEEK_SET) == 0:
            text = <char *> malloc(size[0] + 1)
    if text != NULL:
        if <int64_t> fread(text, 1, size[0], file) == size[0]:
            text[size[0]] = 0
        else:
            free(text)
            text = NULL
    fclose(file)
    return text


cdef void copy_into(double[::1] values, int64_t[::1] offsets, Scan result) noexcept:
    if result.found.values:
        memcpy(&values[0], result.values, result.found.values * sizeof(double))
    memcpy(&offsets[0], result.offsets, (result.found.lines + 1) * sizeof(int64_t))


cdef Tally count_separators(const char *text, int64_t size) noexcept nogil:
    """Bound the numbers and lines of a file from above."""
    cdef Tally tally
    cdef int64_t k, commas = 0, newlines = 0
    for k in range(size):
        commas += text[k] == c","
        newlines += text[k] == c"\n"
    tally.values = commas + newlines + 1
    tally.lines = newlines + 1
    return tally


cdef Tally scan_lines(
    const char *text, int64_t size, double *values, int64_t *offsets
) noexcept nogil:
    cdef Tally tally
    cdef const char *end = text + size
    cdef const char *at = text
    cdef int64_t in_line
    tally.values = tally.lines = 0
    offsets[0] = 0
    while at < end:
        in_line = 0
        while True:
            at = scan_number(at, end, values + tally.values)
            if at == NULL:
                tally.lines = -1
                return tally
            tally.values += 1
            in_line += 1
            if at < end and at[0] == c",":
                at += 1
                continue
            break
        at = skip_line_end(at, end)
        if in_line == 1 and values[tally.values - 1] not in (0.0, 1.0, 2.0):
            at = NULL   # no special code: the line-by-line parser says so
        if at == NULL or not (in_line == 1 or in_line == 4 or (in_line >= 6 and in_line % 2 == 0)):
            tally.lines = -1
            return tally
        tally.lines += 1
        offsets[tally.lines] = tally.values
    return tally


cdef const char *skip_line_end(const char *at, const char *end) noexcept nogil:
    """Step over ``\\n`` or ``\\r\\n``; NULL where anything else stands."""
    if at < end and at[0] == c"\r":
        at += 1
    if at == end:
        return at
    return at + 1 if at[0] == c"\n" else NULL


cdef const char *scan_number(const char *at, const char *end, double *value) noexcept nogil:
    """Read a number like -12.5; give the place after it, NULL where none stands."""
    cdef const char *start = at
    cdef bint negative = False
    cdef uint64_t whole = 0
    cdef unsigned char digit
    cdef int digits, decimals = 0
    # The byte behind the text is 0, so that no loop runs past the end.
    if at[0] == c"-":
        negative = True
        at += 1
    cdef const char *first = at
    digit = <unsigned char> (at[0] - c"0")
    while digit <= 9:
        whole = whole * 10 + digit
        at += 1
        digit = <unsigned char> (at[0] - c"0")
    digits = <int> (at - first)
    if at[0] == c"." and digits:
        at += 1
        first = at
        digit = <unsigned char> (at[0] - c"0")
        while digit <= 9:
            whole = whole * 10 + digit
            at += 1
            digit = <unsigned char> (at[0] - c"0")
        decimals = <int> (at - first)
    digits += decimals
    if digits == 0 or at - start > 37:   # more digits could exceed single precision
        return NULL
    if digits <= MOST_DIGITS and whole <= EXACT and decimals <= MOST_DECIMALS:
        value[0] = <double> <int64_t> whole / POWERS[decimals]
    elif not convert(start, at - start, value):
        return NULL
    else:
        return at
    if negative:
        value[0] = -value[0]
    return at


cdef bint convert(const char *start, int64_t length, double *value) noexcept with gil:
    """Round a number with many digits as Python does."""
    try:
        value[0] = float(start[:length])
    except ValueError:
        return False
    return True
