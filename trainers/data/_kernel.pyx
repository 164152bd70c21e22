# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, embedsignature=True
"""Cutting images out of crops and JPEG files out of JPEG files, and labelling anchors; compiled.

The same numbers to the last bit as `trainers.data.augment`, `trainers.data.jpeg` and
`trainers.data.targets` give without it.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING, PyByteArray_FromStringAndSize
from libc.math cimport rint
from libc.stdint cimport int8_t, int32_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memchr, memcpy, memset

cdef extern from *:
    """
    #include <stdint.h>
    #include <string.h>

    #define HALF_OF_ALL 512

    static inline uint8_t mixed(const uint16_t *left, int channels, uint32_t weights) {
        uint32_t sum = left[0] * (weights & 0xFFFF) + left[channels] * (weights >> 16);
        return (uint8_t) ((sum + HALF_OF_ALL) >> 10);
    }

    static inline void pick_pixel(
        const uint16_t *left, int channels, uint32_t weights, uint8_t *out
    ) {
        for (int k = 0; k < channels; k++) out[k] = mixed(left + k, channels, weights);
    }

    #if defined(__SSE2__) || defined(_M_X64)
    #include <emmintrin.h>
    /* Three channels at once; a fourth byte is written, which the next pixel overwrites. */
    static inline void pick_colours(const uint16_t *left, uint32_t weights, uint8_t *out) {
        __m128i values = _mm_loadu_si128((const __m128i *) left);
        __m128i sides = _mm_unpacklo_epi16(values, _mm_srli_si128(values, 6));
        __m128i sums = _mm_madd_epi16(sides, _mm_set1_epi32((int) weights));
        sums = _mm_srli_epi32(_mm_add_epi32(sums, _mm_set1_epi32(HALF_OF_ALL)), 10);
        sums = _mm_packs_epi32(sums, sums);
        int32_t four = _mm_cvtsi128_si32(_mm_packus_epi16(sums, sums));
        memcpy(out, &four, 4);
    }
    #else
    static inline void pick_colours(const uint16_t *left, uint32_t weights, uint8_t *out) {
        pick_pixel(left, 3, weights, out);
    }
    #endif
    """
    void pick_pixel(
        const uint16_t *left, int channels, uint32_t weights, uint8_t *out
    ) noexcept nogil
    void pick_colours(const uint16_t *left, uint32_t weights, uint8_t *out) noexcept nogil


cdef enum:
    STEPS = 32                # of a pixel
    HALF = 512                # of STEPS * STEPS, what all four pixels weigh together
    MARKER = 0xFF
    FIRST_RESTART = 0xD0      # the first of eight
    END = 0xD9
    IGNORED = -1              # labels
    NEGATIVE = 0
    POSITIVE = 1


def grid(
    double left, double top, double right, double bottom, int patch_left, int patch_top,
    int32_t[::1] columns, int32_t[::1] rows,
):
    """Tell on which columns and rows of a patch an image's pixels fall, in 1/32 px.

    Parameters
    ----------
    left, top, right, bottom : float
        Corners of the window in the crop.
    patch_left, patch_top : int
        Where the patch's first pixel lies in the crop.
    columns, rows : int32 arrays
        As many as the image has; become what `trainers.data.augment.Cutter.grid` gives.
    """
    cdef double zoom_x = (columns.shape[0] - 1) / (right - left)
    cdef double zoom_y = (rows.shape[0] - 1) / (bottom - top)
    cdef double inverse = 1.0 / (zoom_x * zoom_y)
    cdef double step_x = zoom_y * inverse
    cdef double step_y = zoom_x * inverse
    cdef double start_x = rint(step_x * (zoom_x * left) * 1024)
    cdef double start_y = step_y * (zoom_y * top)
    cdef int j
    for j in range(<int> columns.shape[0]):
        columns[j] = thirty_seconds(rint(step_x * j * 1024) + start_x, patch_left)
    for j in range(<int> rows.shape[0]):
        rows[j] = thirty_seconds(rint((step_y * j + start_y) * 1024), patch_top)


cdef inline int32_t thirty_seconds(double position, int origin) noexcept:
    return ((<int32_t> position + 16) >> 5) - origin * STEPS


def interpolate(
    const uint8_t[:, :, :] pixels, const int32_t[::1] columns, const int32_t[::1] rows,
    uint8_t[:, :, ::1] out,
):
    """Interpolate between four pixels each, in whole numbers, rounding half up.

    Parameters
    ----------
    pixels : uint8 array, shape (height, width, channels)
        A row's pixels side by side in memory; outside is black.
    columns, rows : int32 arrays
        Where to look, ascending, in 1/32 px.
    out : uint8 array, shape (rows, columns, channels)
        Becomes the image.
    """
    cdef int channels = <int> pixels.shape[2]
    cdef Row row
    cdef int i
    assert pixels.strides[2] == 1 and pixels.strides[1] == channels
    assert out.shape[0] == rows.shape[0] and out.shape[1] == columns.shape[0]
    assert out.shape[2] == channels
    if not prepare(&row, pixels.shape[0], pixels.shape[1], channels, columns):
        raise MemoryError
    if pixels.shape[0] and pixels.shape[1]:
        row.pixels, row.stride = &pixels[0, 0, 0], pixels.strides[0]
    with nogil:
        for i in range(<int> rows.shape[0]):
            blend_rows(&row, rows[i])
            pick_row(&row, &out[i, 0, 0])
    free(row.memory)


def covered(
    const uint8_t[:, :] pixels, const int32_t[::1] columns, const int32_t[::1] rows,
    uint8_t[:, ::1] out,
):
    """Tell where more than half of the four pixels, by their weights, is above 0: 1, else 0.

    The parameters are those of `interpolate`, without channels.
    """
    cdef Row row
    cdef int i, j
    assert pixels.strides[1] == 1
    assert out.shape[0] == rows.shape[0] and out.shape[1] == columns.shape[0]
    if not prepare(&row, pixels.shape[0], pixels.shape[1], 1, columns):
        raise MemoryError
    if pixels.shape[0] and pixels.shape[1]:
        row.pixels, row.stride = &pixels[0, 0], pixels.strides[0]
    with nogil:
        for i in range(<int> rows.shape[0]):
            if rows[i] <= -STEPS or rows[i] >= STEPS * row.height:
                memset(&out[i, 0], 0, row.count)
                continue
            blend_rows_of_mask(&row, rows[i])
            for j in range(row.count):
                out[i, j] = above_half(&row, j)
    free(row.memory)


cdef struct Row:
    const uint8_t *pixels
    Py_ssize_t stride
    int height, width, channels
    int first, last           # the columns that are looked at, within the pixels
    int count                 # of the columns that are wanted
    void *memory              # of all that follow
    uint16_t *blended         # of two rows, in 1/32; one black pixel before, two behind
    int32_t *place            # where in it each column's left pixel begins
    uint32_t *weights         # of its left pixel and, 16 bits higher, of its right one


cdef bint prepare(
    Row *row, Py_ssize_t height, Py_ssize_t width, int channels, const int32_t[::1] columns
) noexcept:
    cdef Py_ssize_t values = (width + 3) * channels
    cdef int count = <int> columns.shape[0]
    cdef int j, x, right
    row.pixels, row.stride = NULL, 0
    row.height, row.width, row.channels = <int> height, <int> width, channels
    row.count = count
    row.memory = malloc(
        count * (sizeof(int32_t) + sizeof(uint32_t)) + values * sizeof(uint16_t)
    )
    if row.memory == NULL:
        return False
    row.place = <int32_t *> row.memory
    row.weights = <uint32_t *> (row.place + count)
    row.blended = <uint16_t *> (row.weights + count)
    memset(row.blended, 0, values * sizeof(uint16_t))
    for j in range(count):
        x = columns[j] >> 5
        right = columns[j] & 31
        if x < -1 or x >= row.width:
            x, right = -1, 0
        row.place[j] = (x + 1) * channels
        row.weights[j] = (STEPS - right) | right << 16
    row.first = max(min(columns[0] >> 5, row.width), 0) if count else 0
    row.last = max(min((columns[count - 1] >> 5) + 2, row.width), row.first) if count else 0
    return True


cdef void blend_rows(Row *row, int32_t position) noexcept nogil:
    cdef int y = position >> 5
    cdef uint16_t below = position & 31
    cdef uint16_t above = STEPS - below
    cdef int begin = row.first * row.channels
    cdef int count = row.last * row.channels - begin
    cdef uint16_t *blended = row.blended + row.channels + begin
    cdef const uint8_t *upper
    cdef const uint8_t *lower
    cdef int k
    if y < -1 or y >= row.height or count == 0:
        memset(blended, 0, count * sizeof(uint16_t))
        return
    upper = row.pixels + y * row.stride + begin
    lower = upper + row.stride
    if y < 0:
        for k in range(count):
            blended[k] = below * lower[k]
    elif y + 1 >= row.height:
        for k in range(count):
            blended[k] = above * upper[k]
    else:
        for k in range(count):
            blended[k] = above * upper[k] + below * lower[k]


cdef void blend_rows_of_mask(Row *row, int32_t position) noexcept nogil:
    cdef int y = position >> 5
    cdef uint16_t below = position & 31 if y + 1 < row.height else 0
    cdef uint16_t above = STEPS - (position & 31) if y >= 0 else 0
    cdef uint16_t *blended = row.blended + 1
    cdef const uint8_t *upper = row.pixels + max(y, 0) * row.stride
    cdef const uint8_t *lower = row.pixels + min(y + 1, row.height - 1) * row.stride
    cdef int k
    for k in range(row.first, row.last):
        blended[k] = above * (upper[k] != 0) + below * (lower[k] != 0)


cdef void pick_row(const Row *row, uint8_t *out) noexcept nogil:
    cdef int together = row.count - 1 if row.channels == 3 else 0
    cdef int j
    if row.channels == 1:
        for j in range(row.count):
            pick_pixel(row.blended + row.place[j], 1, row.weights[j], out + j)
        return
    for j in range(together):
        pick_colours(row.blended + row.place[j], row.weights[j], out + 3 * j)
    for j in range(max(together, 0), row.count):
        pick_pixel(row.blended + row.place[j], row.channels, row.weights[j], out + row.channels * j)


cdef inline uint8_t above_half(const Row *row, int j) noexcept nogil:
    cdef const uint16_t *left = row.blended + row.place[j]
    cdef uint32_t weights = row.weights[j]
    return left[0] * (weights & 0xFFFF) + left[1] * (weights >> 16) > HALF


def cut_tiles(
    const uint8_t[::1] data, Py_ssize_t size_at, Py_ssize_t data_at, int columns, int rows,
    int left, int top, int right, int bottom, int width, int height,
):
    """Make a JPEG file of some of another's tiles.

    Parameters
    ----------
    data : bytes
        The file.
    size_at, data_at : int
        Where in it height and width are written, and where its first tile begins.
    columns, rows : int
        How many tiles there are.
    left, top, right, bottom : int
        The columns and rows that are wanted.
    width, height : int
        Of the new image, in px.

    Returns
    -------
    made : bytearray or None
        The new file; None when there are more or less tiles.
    found : int
        How many there are.
    """
    cdef Py_ssize_t *ends
    cdef Py_ssize_t found, size
    ends = <Py_ssize_t *> malloc((<Py_ssize_t> columns * rows + 1) * sizeof(Py_ssize_t))
    if ends == NULL:
        raise MemoryError
    try:
        found = find_ends(&data[0], data_at, data.shape[0], ends, columns * rows)
        if found != columns * rows:
            return None, found
        size = data_at
        for row in range(top, bottom):
            size += ends[row * columns + right] - ends[row * columns + left]
        made = PyByteArray_FromStringAndSize(NULL, size)
        join(<uint8_t *> PyByteArray_AS_STRING(made), &data[0], data_at, ends, columns,
             left, top, right, bottom)
    finally:
        free(ends)
    made[size_at : size_at + 4] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return made, found


cdef Py_ssize_t find_ends(
    const uint8_t *data, Py_ssize_t begin, Py_ssize_t size, Py_ssize_t *ends, Py_ssize_t most
) noexcept nogil:
    """Find where each tile begins and, last, where the next file would; count the tiles."""
    cdef const uint8_t *here = data + begin
    cdef const uint8_t *stop = data + size - 1
    cdef Py_ssize_t found = 0
    ends[0] = begin
    while here < stop:
        here = <const uint8_t *> memchr(here, MARKER, stop - here)
        if here == NULL:
            break
        # What follows a number 0xFF of the image is 0.
        if here[1] >= FIRST_RESTART:
            found += 1
            if found <= most:
                ends[found] = here + 2 - data
        here += 1
    return found


cdef void join(
    uint8_t *made, const uint8_t *data, Py_ssize_t data_at, const Py_ssize_t *ends, int columns,
    int left, int top, int right, int bottom,
) noexcept nogil:
    """Join tiles, and count the restart markers behind them from 0 to 7 again and again."""
    cdef Py_ssize_t place = data_at
    cdef Py_ssize_t begin
    cdef int row, column, number = 0
    memcpy(made, data, data_at)
    for row in range(top, bottom):
        begin = ends[row * columns + left]
        memcpy(made + place, data + begin, ends[row * columns + right] - begin)
        for column in range(left, right):
            place += ends[row * columns + column + 1] - ends[row * columns + column]
            made[place - 1] = FIRST_RESTART + number % 8
            number += 1
    made[place - 1] = END


def label(
    const double[::1] centres, const double[::1] widths, const double[::1] heights,
    double left, double top, double right, double bottom,
    double high, double low, int positives, int total,
    const uint32_t[::1] priorities, int8_t[::1] labels,
):
    """Label the anchors of a positive pair.

    Parameters
    ----------
    centres, widths, heights : float64 arrays
        Of `trainers.data.targets.Grid`.
    left, top, right, bottom : float
        The target's box.
    high, low, positives, total
        Of `trainers.data.targets.Sampling`.
    priorities : uint32 array, shape (anchors * cells * cells,)
        Where there are more anchors than wanted, the lowest are taken.
    labels : int8 array, shape (anchors * cells * cells,)
        Becomes 1, 0 or -1.
    """
    cdef int anchors = <int> widths.shape[0]
    cdef int cells = <int> centres.shape[0]
    cdef int count = anchors * cells * cells
    cdef int found
    cdef double *across
    cdef uint64_t *keys
    assert heights.shape[0] == anchors
    assert priorities.shape[0] == count and labels.shape[0] == count
    across = <double *> malloc(cells * sizeof(double))
    keys = <uint64_t *> malloc((max(positives, total, 0) + 1) * sizeof(uint64_t))
    try:
        if across == NULL or keys == NULL:
            raise MemoryError
        for a in range(anchors):
            for j in range(cells):
                across[j] = shared_extent(centres[j], widths[a] * 0.5, left, right)
            label_anchor(
                across, centres, widths[a] * heights[a] + (right - left) * (bottom - top),
                heights[a] * 0.5, top, bottom, high, low, &labels[a * cells * cells],
            )
        found = keep_lowest(&labels[0], count, POSITIVE, positives, &priorities[0], keys)
        keep_lowest(&labels[0], count, NEGATIVE, total - found, &priorities[0], keys)
    finally:
        free(across)
        free(keys)


cdef inline double shared_extent(double centre, double half, double low, double high) noexcept:
    return max(min(centre + half, high) - max(centre - half, low), 0.0)


cdef void label_anchor(
    const double *across, const double[::1] centres, double own, double half, double top,
    double bottom, double high, double low, int8_t *labels,
) noexcept:
    cdef int cells = <int> centres.shape[0]
    cdef double down, shared, overlap
    cdef int i, j
    for i in range(cells):
        down = shared_extent(centres[i], half, top, bottom)
        for j in range(cells):
            shared = down * across[j]
            overlap = shared / (own - shared)
            labels[i * cells + j] = (
                POSITIVE if overlap > high else NEGATIVE if overlap < low else IGNORED
            )


cdef int keep_lowest(
    int8_t *labels, int count, int8_t value, int most, const uint32_t *priorities, uint64_t *keys
) noexcept:
    """Keep a label where priorities are lowest, `most` times, and ignore the rest; count it."""
    cdef int found = 0, i, place
    cdef uint64_t key
    most = max(most, 0)
    for i in range(count):
        if labels[i] != value:
            continue
        labels[i] = IGNORED
        key = <uint64_t> priorities[i] << 32 | <uint64_t> i
        if found == most:
            if most == 0 or key > keys[most - 1]:
                continue
            found -= 1
        # Into its place among those kept so far, which are in order.
        place = found
        while place > 0 and keys[place - 1] > key:
            keys[place] = keys[place - 1]
            place -= 1
        keys[place] = key
        found += 1
    for i in range(found):
        labels[keys[i] & 0xFFFFFFFF] = value
    return found
