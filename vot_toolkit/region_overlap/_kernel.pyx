# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, embedsignature=True
"""Overlap of many pairs of regions by counting row spans, compiled.

The same function as `vot_toolkit.region_overlap.reference`, bit for bit, without masks: a row of a filled
polygon is a few spans between sorted crossings, so that pixels are counted row by row in memory that
does not grow with the image. In a polygon whose outline goes down once and up once, a row is a single
span between two chains of edges, which are traced edge by edge; the others are sorted row by row.
"""

from cpython.buffer cimport PyBUF_SIMPLE, PyBuffer_Release, PyObject_GetBuffer
from libc.math cimport INFINITY, NAN, copysign, fabs, rint, trunc
from libc.stdint cimport int64_t
from libc.stdlib cimport free, malloc

cdef extern from *:
    """
    /* The three loops over rows take nearly all the time. GCC compiles each of them twice, with and
       without AVX2, and the loader takes what the processor has; the arithmetic is the same, since
       AVX2 has no fused multiplication and addition. */
    #if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__)
    #define FOR_EACH_PROCESSOR __attribute__((target_clones("avx2", "default")))
    #else
    #define FOR_EACH_PROCESSOR
    #endif

    #define SMALLER(a, b) ((a) < (b) ? (a) : (b))
    #define LARGER(a, b) ((a) > (b) ? (a) : (b))

    /* The column at which an edge crosses each row; divide, multiply, add, cut off. */
    FOR_EACH_PROCESSOR
    static void cross_rows(double x, double y, double dx, double dy, int begin, int end,
                           int *restrict columns)
    {
        for (int r = begin; r < end; r++)
            columns[r] = (int)(x + ((r - y) / dy) * dx);
    }

    /* Order the two crossings of each row, clip them to the window, count the pixels. A crossing
       pair is compared and not subtracted: the difference could exceed an int. */
    FOR_EACH_PROCESSOR
    static int clip_rows(int *restrict first, int *restrict last, int begin, int end, int width,
                         int drop_thin, int outside)
    {
        int area = 0;
        for (int r = begin; r < end; r++) {
            int low = SMALLER(first[r], last[r]), high = LARGER(first[r], last[r]);
            low = ((low == high) & drop_thin) ? outside : LARGER(low, 0);
            high = SMALLER(high, width - 1);
            first[r] = low;
            last[r] = high;
            area += LARGER(high - low + 1, 0);
        }
        return area;
    }

    /* Count the pixels that both spans of each row have. */
    FOR_EACH_PROCESSOR
    static int meet_rows(const int *restrict first_p, const int *restrict last_p,
                         const int *restrict first_q, const int *restrict last_q,
                         int begin, int end)
    {
        int both = 0;
        for (int r = begin; r < end; r++) {
            int length = SMALLER(last_p[r], last_q[r]) - LARGER(first_p[r], first_q[r]) + 1;
            both += LARGER(length, 0);
        }
        return both;
    }
    """
    void cross_rows(
        double x, double y, double dx, double dy, int begin, int end, int *columns
    ) noexcept nogil
    int clip_rows(
        int *first, int *last, int begin, int end, int width, int drop_thin, int outside
    ) noexcept nogil
    int meet_rows(
        const int *first_p, const int *last_p, const int *first_q, const int *last_q,
        int begin, int end
    ) noexcept nogil


cdef enum:
    BLOCK = 512        # rows counted at a time; four int32 columns of them stay in the first cache
    MAX_NARROW = 1 << 21   # wider windows could overflow the 32-bit count of a block

cdef double LIMIT = 1073741824.0   # 2**30, see reference.LIMIT
cdef int OUTSIDE = 1 << 30         # start of a span that has no pixel


cdef struct Switches:
    bint one_less      # rectangles end at x+w-1
    bint rounded_first # rounding half to even before the window
    bint fill_2020
    bint thin_is_one
    bint single        # quotient in float32


cdef struct Polygon:
    int n
    double *x          # vertices relative to the window, whole numbers within LIMIT
    double *y
    bint empty         # has no pixel whatever its vertices say
    bint single_span   # every row is one span
    double top         # first and last row
    double bottom


cdef struct Window:
    int64_t width
    int64_t height


cdef struct Count:
    int64_t both
    int64_t either


cdef struct Box:
    float left
    float top
    float right
    float bottom


cdef struct Scratch:
    double *numbers    # vertices of both polygons
    float *floats      # the same before rounding
    int *columns       # crossings and spans of one row
    int capacity       # vertices that fit


def overlaps(
    const double[::1] values_a,
    const int64_t[::1] offsets_a,
    const double[::1] values_b,
    const int64_t[::1] offsets_b,
    const double[:, ::1] bounds,
    switches,
    double[::1] out,
    double[::1] tighter,
):
    """Compute the overlap of pairs of regions, frame by frame.

    Parameters
    ----------
    values_a, offsets_a, values_b, offsets_b : arrays
        Two trajectories of N frames, as `vot_toolkit.trajectory.Trajectory` stores them.
    bounds : float64 array, shape (1, 2) or (N, 2)
        Right and bottom limit in px; infinite for none.
    switches : tuple of bool
        rectangles end at x+w-1, rounded first, fill 2020, thin is one, float32 quotient.
    out : float64 array, shape (N,)
        Receives the overlaps; NaN for special codes, masks and coordinates that are not finite.
    tighter : float64 array, shape (N,) or (0,)
        Receives the overlaps under bounds one pixel tighter.
    """
    cdef Switches rules
    rules.one_less, rules.rounded_first, rules.fill_2020, rules.thin_is_one, rules.single = switches
    cdef int64_t count = out.shape[0], k, row
    cdef int64_t n_a, n_b
    cdef bint twice = tighter.shape[0] > 0
    cdef bint clipped
    cdef int64_t per_pair = 1 if bounds.shape[0] > 1 else 0
    cdef Scratch scratch = allocate(largest(offsets_a, offsets_b, count))
    if scratch.numbers == NULL or scratch.floats == NULL or scratch.columns == NULL:
        release(scratch)
        raise MemoryError
    cdef const double *a = &values_a[0] if values_a.shape[0] else NULL
    cdef const double *b = &values_b[0] if values_b.shape[0] else NULL
    with nogil:
        for k in range(count):
            n_a = offsets_a[k + 1] - offsets_a[k]
            n_b = offsets_b[k + 1] - offsets_b[k]
            row = k * per_pair
            clipped = False
            out[k] = pair(
                a + offsets_a[k], n_a, b + offsets_b[k], n_b,
                bounds[row, 0], bounds[row, 1], rules, scratch, &clipped,
            )
            if twice:
                tighter[k] = out[k] if not clipped else pair(
                    a + offsets_a[k], n_a, b + offsets_b[k], n_b,
                    bounds[row, 0] - 1, bounds[row, 1] - 1, rules, scratch, &clipped,
                )
    release(scratch)


def overlap_of_pair(a, b, double right, double bottom, switches):
    """Compute the overlap of a single pair; the arguments are those of `overlaps`.

    `a` and `b` are contiguous float64 arrays. They are reached through plain buffers: a typed view
    of each would take longer than the overlap.
    """
    cdef Switches rules
    rules.one_less, rules.rounded_first, rules.fill_2020, rules.thin_is_one, rules.single = switches
    cdef Py_buffer first, second
    PyObject_GetBuffer(a, &first, PyBUF_SIMPLE)
    try:
        PyObject_GetBuffer(b, &second, PyBUF_SIMPLE)
        try:
            return overlap_of_buffers(first, second, right, bottom, rules)
        finally:
            PyBuffer_Release(&second)
    finally:
        PyBuffer_Release(&first)


cdef double overlap_of_buffers(
    Py_buffer a, Py_buffer b, double right, double bottom, Switches rules
) except? -1:
    cdef int64_t n_a = a.len // sizeof(double), n_b = b.len // sizeof(double)
    cdef Scratch scratch = allocate(<int> (max(8, n_a, n_b) // 2 + 1))
    cdef bint clipped = False
    if scratch.numbers == NULL or scratch.floats == NULL or scratch.columns == NULL:
        release(scratch)
        raise MemoryError
    cdef double found = pair(
        <const double *> a.buf, n_a, <const double *> b.buf, n_b, right, bottom, rules, scratch,
        &clipped,
    )
    release(scratch)
    return found


cdef int largest(const int64_t[::1] offsets_a, const int64_t[::1] offsets_b, int64_t count) noexcept nogil:
    """Vertices of the largest polygon, at least those of a rectangle."""
    cdef int64_t most = 8, k
    for k in range(count):
        most = max(most, offsets_a[k + 1] - offsets_a[k])
        most = max(most, offsets_b[k + 1] - offsets_b[k])
    return <int>(most // 2 + 1)


cdef Scratch allocate(int vertices) noexcept nogil:
    cdef Scratch scratch
    scratch.capacity = vertices
    scratch.numbers = <double *> malloc(4 * vertices * sizeof(double))
    scratch.floats = <float *> malloc(4 * vertices * sizeof(float))
    scratch.columns = <int *> malloc(6 * vertices * sizeof(int))
    return scratch


cdef void release(Scratch scratch) noexcept nogil:
    free(scratch.numbers)
    free(scratch.floats)
    free(scratch.columns)


cdef double pair(
    const double *a, int64_t n_a, const double *b, int64_t n_b,
    double right, double bottom, Switches rules, Scratch scratch, bint *clipped,
) noexcept nogil:
    """Overlap of one pair; sets `clipped` when one pixel less of bounds could change it."""
    if n_a < 4 or n_b < 4 or not finite(a, n_a) or not finite(b, n_b):
        return NAN
    if rules.rounded_first:
        clipped[0] = True
        return pair_rounded_first(a, n_a, b, n_b, right, bottom, rules, scratch)
    return pair_rounded_last(a, n_a, b, n_b, right, bottom, rules, scratch, clipped)


cdef bint finite(const double *values, int64_t count) noexcept nogil:
    cdef int64_t k
    cdef double sum_of_zeros = 0
    for k in range(count):
        sum_of_zeros += values[k] * 0
    return sum_of_zeros == 0


cdef double pair_rounded_last(
    const double *a, int64_t n_a, const double *b, int64_t n_b,
    double right, double bottom, Switches rules, Scratch scratch, bint *clipped,
) noexcept nogil:
    cdef float *fx = scratch.floats
    cdef float *fy = fx + scratch.capacity
    cdef float *gx = fy + scratch.capacity
    cdef float *gy = gx + scratch.capacity
    cdef int n = float_vertices(a, n_a, rules, fx, fy)
    cdef int m = float_vertices(b, n_b, rules, gx, gy)
    cdef Box p = float_box(n, fx, fy, right, bottom, clipped)
    cdef Box q = float_box(m, gx, gy, right, bottom, clipped)
    cdef float x0 = min(p.left, q.left), y0 = min(p.top, q.top)
    cdef Window window
    window.width = extent(max(p.right, q.right) - x0)
    window.height = extent(max(p.bottom, q.bottom) - y0)
    if window.width < 1 or window.height < 1 or boxes_exclude_overlap(p, q):
        return 0.0
    cdef Polygon first = polygon(n, scratch.numbers)
    cdef Polygon second = polygon(m, scratch.numbers + 2 * scratch.capacity)
    shift_and_round(n, fx, fy, x0, y0, &first)
    shift_and_round(m, gx, gy, x0, y0, &second)
    return divide(count_pixels(&first, &second, window, rules, scratch), rules)


cdef int float_vertices(
    const double *region, int64_t count, Switches rules, float *x, float *y
) noexcept nogil:
    cdef int k, n = <int>(count // 2)
    cdef double less = 1.0 if rules.one_less else 0.0
    cdef float left, top, right, bottom
    if count != 4:
        for k in range(n):
            x[k] = <float> region[2 * k]
            y[k] = <float> region[2 * k + 1]
        return n
    left, top = <float> region[0], <float> region[1]
    right = <float> (region[0] + region[2] - less)
    bottom = <float> (region[1] + region[3] - less)
    x[0], x[1], x[2], x[3] = left, right, right, left
    y[0], y[1], y[2], y[3] = top, top, bottom, bottom
    return 4


cdef Box float_box(
    int n, const float *x, const float *y, double right, double bottom, bint *clipped
) noexcept nogil:
    """Box rounded outwards, then clipped to the bounds; may be inverted."""
    cdef Box box
    cdef int k
    box.left = box.right = x[0]
    box.top = box.bottom = y[0]
    for k in range(1, n):
        box.left = x[k] if x[k] < box.left else box.left
        box.right = x[k] if x[k] > box.right else box.right
        box.top = y[k] if y[k] < box.top else box.top
        box.bottom = y[k] if y[k] > box.bottom else box.bottom
    box.left, box.top = floor_float(box.left), floor_float(box.top)
    box.right, box.bottom = -floor_float(-box.right), -floor_float(-box.bottom)
    if right != INFINITY:
        box.left = max(box.left, 0)
        box.top = max(box.top, 0)
        if box.right > right - 1 or box.bottom > bottom - 1:
            clipped[0] = True
        box.right = min(box.right, <float> right)
        box.bottom = min(box.bottom, <float> bottom)
    return box


cdef inline float floor_float(float value) noexcept nogil:
    """Round down; by conversion, which is one instruction where the function is a call."""
    if fabs(value) >= 8388608.0:   # 2**23: all larger floats are whole
        return value
    cdef float whole = <float> <int> value
    return whole - 1 if whole > value else whole


cdef int64_t extent(float length) noexcept nogil:
    return <int64_t> saturate(trunc(<double> length)) + 1


cdef double saturate(double value) noexcept nogil:
    return LIMIT if value > LIMIT else (-LIMIT if value < -LIMIT else value)


cdef bint boxes_exclude_overlap(Box p, Box q) noexcept nogil:
    cdef float area_p = (p.right - p.left) * (p.bottom - p.top)
    cdef float area_q = (q.right - q.left) * (q.bottom - q.top)
    cdef float p_in_q = area_p / area_q, q_in_p = area_q / area_p
    if <double> p_in_q < 1e-10 or <double> q_in_p < 1e-10:
        return True
    cdef float width = min(p.right, q.right) - max(p.left, q.left)
    cdef float height = min(p.bottom, q.bottom) - max(p.top, q.top)
    cdef float inside = width * height
    cdef float value = inside / (area_p + area_q - inside)
    return value <= 0


cdef Polygon polygon(int n, double *numbers) noexcept nogil:
    cdef Polygon shape
    shape.n = n
    shape.x = numbers
    shape.y = numbers + n
    shape.empty = False
    return shape


cdef void shift_and_round(
    int n, const float *x, const float *y, float x0, float y0, Polygon *shape
) noexcept nogil:
    cdef int k
    for k in range(n):
        shape.x[k] = round_away(x[k] - x0)
        shape.y[k] = round_away(y[k] - y0)


cdef double round_away(float value) noexcept nogil:
    cdef double size = fabs(<double> value)
    size = LIMIT if size > LIMIT else <double> <int64_t> (size + 0.5)
    return copysign(size, value)


cdef double pair_rounded_first(
    const double *a, int64_t n_a, const double *b, int64_t n_b,
    double right, double bottom, Switches rules, Scratch scratch,
) noexcept nogil:
    cdef Polygon p = polygon(4 if n_a == 4 else <int>(n_a // 2), scratch.numbers)
    cdef Polygon q = polygon(
        4 if n_b == 4 else <int>(n_b // 2), scratch.numbers + 2 * scratch.capacity
    )
    cdef double left, top, last_x, last_y
    cdef double box_p[4]
    cdef double box_q[4]
    rounded_vertices(a, n_a, &p, box_p)
    rounded_vertices(b, n_b, &q, box_q)
    left, top = min(box_p[0], box_q[0]), min(box_p[1], box_q[1])
    last_x, last_y = max(box_p[2], box_q[2]), max(box_p[3], box_q[3])
    if left >= last_x or top >= last_y:
        return 1.0
    if right != INFINITY:
        left, top = max(left, 0), max(top, 0)
        last_x, last_y = min(last_x, trunc(right) - 1), min(last_y, trunc(bottom) - 1)
        if left >= last_x or top >= last_y:
            return 0.0
    cdef Window window
    window.width, window.height = <int64_t> (last_x - left) + 1, <int64_t> (last_y - top) + 1
    shift(&p, left, top)
    shift(&q, left, top)
    return divide(count_pixels(&p, &q, window, rules, scratch), rules)


cdef void rounded_vertices(
    const double *region, int64_t count, Polygon *shape, double *box
) noexcept nogil:
    """Round half to even; `box` receives first and last column and row."""
    cdef int k
    if count == 4:
        box[0], box[1] = round_even(region[0]), round_even(region[1])
        box[2] = box[0] + round_even(region[2]) - 1
        box[3] = box[1] + round_even(region[3]) - 1
        shape.x[0], shape.x[1], shape.x[2], shape.x[3] = box[0], box[2], box[2], box[0]
        shape.y[0], shape.y[1], shape.y[2], shape.y[3] = box[1], box[1], box[3], box[3]
        shape.empty = box[2] < box[0] or box[3] < box[1]
        return
    for k in range(shape.n):
        shape.x[k] = round_even(region[2 * k])
        shape.y[k] = round_even(region[2 * k + 1])
    box[0], box[1], box[2], box[3] = shape.x[0], shape.y[0], shape.x[0], shape.y[0]
    for k in range(1, shape.n):
        box[0], box[1] = min(box[0], shape.x[k]), min(box[1], shape.y[k])
        box[2], box[3] = max(box[2], shape.x[k]), max(box[3], shape.y[k])


cdef double round_even(double value) noexcept nogil:
    return saturate(rint(<double> (<float> value)))


cdef void shift(Polygon *shape, double left, double top) noexcept nogil:
    cdef int k
    for k in range(shape.n):
        shape.x[k] = saturate(shape.x[k] - left)
        shape.y[k] = saturate(shape.y[k] - top)


cdef double divide(Count pixels, Switches rules) noexcept nogil:
    if pixels.either == 0:
        return 0.0 if rules.thin_is_one else NAN
    if rules.single:
        return <float> (<float> pixels.both / <float> pixels.either)
    return <double> pixels.both / <double> pixels.either


cdef Count count_pixels(
    Polygon *p, Polygon *q, Window window, Switches rules, Scratch scratch
) noexcept nogil:
    describe(p)
    describe(q)
    if p.single_span and q.single_span and window.width < MAX_NARROW:
        return count_single_spans(p, q, window, rules)
    return count_any_spans(p, q, window, rules, scratch.columns, scratch.capacity)


cdef void describe(Polygon *shape) noexcept nogil:
    """Find the rows of a polygon, and whether its outline goes down once and up once."""
    cdef int k
    shape.top = shape.bottom = shape.y[0]
    for k in range(1, shape.n):
        shape.top = min(shape.top, shape.y[k])
        shape.bottom = max(shape.bottom, shape.y[k])
    shape.single_span = not shape.empty and has_one_fall_and_one_rise(shape)


cdef bint has_one_fall_and_one_rise(Polygon *shape) noexcept nogil:
    """Tell whether the outline turns twice, with at most one level edge at each turn.

    A level edge elsewhere would cut its row in two.
    """
    cdef int k, turns = 0, n = shape.n
    cdef double before, here, after
    before = shape.y[n - 1] - shape.y[n - 2]
    here = shape.y[0] - shape.y[n - 1]
    for k in range(n):
        after = (shape.y[k + 1] if k + 1 < n else shape.y[0]) - shape.y[k]
        if here == 0:
            if before * after >= 0:
                return False
            turns += 1
        elif here * after < 0:
            turns += 1
        before, here = here, after
    return turns == 2


cdef Count count_single_spans(
    Polygon *p, Polygon *q, Window window, Switches rules
) noexcept nogil:
    cdef int first_p[BLOCK]
    cdef int last_p[BLOCK]
    cdef int first_q[BLOCK]
    cdef int last_q[BLOCK]
    cdef Count total
    cdef int64_t area = 0, both = 0
    cdef double start = max(0, min(p.top, q.top))
    cdef double stop = min(<double> (window.height - 1), max(p.bottom, q.bottom))
    cdef double row = start
    cdef int width = <int> window.width
    cdef bint drop_thin = not rules.fill_2020
    cdef int rows, from_p, to_p, from_q, to_q
    while row <= stop:
        rows = <int> min(<double> BLOCK, stop - row + 1)
        from_p, to_p = first_row(p, row, rows), end_row(p, row, rows)
        from_q, to_q = first_row(q, row, rows), end_row(q, row, rows)
        trace_outline(p, row, rows, first_p, last_p)
        trace_outline(q, row, rows, first_q, last_q)
        area += clip_rows(first_p, last_p, from_p, to_p, width, drop_thin, OUTSIDE)
        area += clip_rows(first_q, last_q, from_q, to_q, width, drop_thin, OUTSIDE)
        both += meet_rows(
            first_p, last_p, first_q, last_q, max(from_p, from_q), min(to_p, to_q)
        )
        row += rows
    total.both, total.either = both, area - both
    return total


cdef int first_row(Polygon *shape, double row, int rows) noexcept nogil:
    """First row of the polygon inside the block, counted from the block's first row."""
    cdef double offset = max(0, shape.top - row)
    return <int> min(offset, <double> rows)


cdef int end_row(Polygon *shape, double row, int rows) noexcept nogil:
    """Row after the polygon's last inside the block, counted from the block's first row."""
    cdef double offset = min(<double> rows, shape.bottom - row + 1)
    return <int> max(offset, 0)


cdef void trace_outline(
    Polygon *shape, double row, int rows, int *down, int *up
) noexcept nogil:
    """Write the crossing of each row with the edges that run down and those that run up."""
    cdef int k, before, begin, end
    cdef double x_i, y_i, x_j, y_j, low, high
    for k in range(shape.n):
        before = shape.n - 1 if k == 0 else k - 1
        x_i, y_i, x_j, y_j = shape.x[k], shape.y[k], shape.x[before], shape.y[before]
        if y_i == y_j:
            continue
        low, high = min(y_i, y_j), max(y_i, y_j)
        if high < row or low > row + rows - 1:
            continue
        begin = <int> max(0, low - row)
        end = <int> min(<double> rows, high - row + 1)
        trace_edge(x_i, y_i - row, x_j - x_i, y_j - y_i, begin, end, down if y_i > y_j else up)


cdef void trace_edge(
    double x, double y, double dx, double dy, int begin, int end, int *columns
) noexcept nogil:
    """Write the column at which an edge crosses each row; an upright edge needs no division."""
    cdef int r
    if dx != 0:
        cross_rows(x, y, dx, dy, begin, end, columns)
        return
    for r in range(begin, end):
        columns[r] = <int> x


cdef Count count_any_spans(
    Polygon *p, Polygon *q, Window window, Switches rules, int *columns, int capacity
) noexcept nogil:
    """Count row by row: sort the crossings, pair them into spans, meet the spans."""
    cdef int *spans_p = columns
    cdef int *spans_q = columns + 3 * capacity
    cdef int count_p, count_q
    cdef int64_t area = 0, both = 0
    cdef Count total
    cdef double row = max(0, min(p.top, q.top))
    cdef double stop = min(<double> (window.height - 1), max(p.bottom, q.bottom))
    while row <= stop:
        count_p = row_spans(p, row, window.width, rules.fill_2020, spans_p)
        count_q = row_spans(q, row, window.width, rules.fill_2020, spans_q)
        area += length_of(spans_p, count_p) + length_of(spans_q, count_q)
        both += length_of_both(spans_p, count_p, spans_q, count_q)
        row += 1
    total.both, total.either = both, area - both
    return total


cdef int row_spans(
    Polygon *shape, double row, int64_t width, bint fill_2020, int *spans
) noexcept nogil:
    """Write the spans of one row as first, last, first, last, …; give how many numbers."""
    cdef int k, before, count = 0
    cdef double x_i, y_i, x_j, y_j
    if shape.empty or row < shape.top or row > shape.bottom:
        return 0
    for k in range(shape.n):
        before = shape.n - 1 if k == 0 else k - 1
        x_i, y_i, x_j, y_j = shape.x[k], shape.y[k], shape.x[before], shape.y[before]
        if row < min(y_i, y_j) or row > max(y_i, y_j):
            continue
        if y_i == y_j:
            if fill_2020:
                count = insert(spans, count, <int> x_i)
        else:
            count = insert(spans, count, <int> (x_i + ((row - y_i) / (y_j - y_i)) * (x_j - x_i)))
    return pair_crossings(spans, count, width, fill_2020)


cdef int insert(int *columns, int count, int column) noexcept nogil:
    """Insert a crossing into the sorted ones; give the new count."""
    cdef int k = count
    while k > 0 and columns[k - 1] > column:
        columns[k] = columns[k - 1]
        k -= 1
    columns[k] = column
    return count + 1


cdef int pair_crossings(int *columns, int count, int64_t width, bint fill_2020) noexcept nogil:
    """Turn sorted crossings into clipped, disjoint spans in place; give how many numbers.

    Two spans may share a column where one ends and the next begins; it is left to the first.
    """
    cdef int k = 0, written = 0, first, last, taken = -1
    while k < count - 1:
        first, last = columns[k], columns[k + 1]
        if first == last and (not fill_2020 or k < count - 2):
            k += 1
            continue
        if first >= width:
            break
        k += 2
        first = max(first, taken + 1)
        last = <int> min(<int64_t> last, width - 1)
        if last >= first:
            columns[written] = first
            columns[written + 1] = last
            written += 2
            taken = last
    return written


cdef int64_t length_of(const int *spans, int count) noexcept nogil:
    cdef int64_t total = 0
    cdef int k
    for k in range(0, count, 2):
        total += spans[k + 1] - spans[k] + 1
    return total


cdef int64_t length_of_both(
    const int *spans_p, int count_p, const int *spans_q, int count_q
) noexcept nogil:
    """Count the columns that are in a span of each list."""
    cdef int64_t total = 0
    cdef int i = 0, j = 0, first, last
    while i < count_p and j < count_q:
        first = max(spans_p[i], spans_q[j])
        last = min(spans_p[i + 1], spans_q[j + 1])
        if last >= first:
            total += last - first + 1
        if spans_p[i + 1] < spans_q[j + 1]:
            i += 2
        else:
            j += 2
    return total
