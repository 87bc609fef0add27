/* SPDX-License-Identifier: Apache-2.0
 * HTTP ingest: 32 connections that send batches of 105 samples to a server of
 * its own, each answered when it is durable; against the same rows through bare
 * SQLite with as many batches in a transaction (DESIGN 8: 400 k samples/s, p99
 * at most 40 ms on 2 cores); and again while the hours of the first rows are
 * folded. usage: bench_ingest [fleetprint [folder]] */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTIONS = 32,
    METERS = 5,
    TICKS = 21,
    SAMPLES = METERS * TICKS, /* of a batch */
    ROUNDS = 400,             /* batches of a connection */
    WARM = 20,                /* of them not measured */
    RUNS = 2,                 /* alone, and beside a fold */
    TOKEN = 48,
    ANSWER = 4096,
};

struct sender {
    int fd;
    char token[TOKEN];
    char *requests[RUNS * ROUNDS];
    size_t lengths[RUNS * ROUNDS];
    int round;
    size_t sent;
    char answer[ANSWER];
    size_t got;
    double begun_s;
};

static double latencies[CONNECTIONS * ROUNDS]; /* of a run */
static size_t n_latencies;

static _Noreturn void die(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fputs("bench_ingest: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(1);
}

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- the program --------------------------------------------------------- */

/* Runs it; its output (stdout or stderr) can be read from *from. */
static pid_t start(char *const argv[], int which, int *from)
{
    int ends[2];
    pid_t pid;

    if (pipe(ends) != 0)
        die("no pipe");
    pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);

        dup2(null, which == 1 ? 2 : 1);
        dup2(ends[1], which);
        close(ends[0]);
        execv(argv[0], argv);
        _exit(127);
    }
    close(ends[1]);
    *from = ends[0];
    return pid;
}

static void run(char *const argv[], char *out, size_t size)
{
    size_t n = 0;
    int from, status;
    pid_t pid = start(argv, 1, &from);
    ssize_t got;

    while (n + 1 < size && (got = read(from, out + n, size - 1 - n)) > 0)
        n += (size_t)got;
    out[n] = '\0';
    close(from);
    if (waitpid(pid, &status, 0) != pid || status != 0)
        die("%s %s %s failed", argv[0], argv[3], argv[4] ? argv[4] : "");
    out[strcspn(out, "\n")] = '\0';
}

static int port_of(int from)
{
    char text[2000];
    size_t n = 0;
    ssize_t got;

    while (n + 1 < sizeof text && (got = read(from, text + n, 1)) > 0) {
        const char *at;

        n += (size_t)got;
        text[n] = '\0';
        at = text[n - 1] == '\n' ? strstr(text, "port=") : NULL;
        if (at)
            return (int)strtol(at + 5, NULL, 10);
    }
    die("the server did not start: %s", text);
}

/* ---- batches, made before anything is measured -----------------------------
 */

static int64_t time_of(int round, int tick)
{
    static int64_t start_ns;

    if (!start_ns)
        start_ns = ((int64_t)time(NULL) - 250) * 1000000000;
    /* 10 ms apart: the newest stays near the clock. */
    return start_ns + ((int64_t)round * TICKS + tick) * 10000000;
}

static int64_t value_of(int connection, int round, int tick, int meter)
{
    return 1000000000 + ((int64_t)round * TICKS + tick) * 1000003 +
           meter * 7919 + connection * 104729;
}

static void make_request(struct sender *s, int connection, int round)
{
    char *body = NULL, *request = NULL;
    size_t size, len;
    FILE *f = open_memstream(&body, &size);
    int64_t seq = (int64_t)round * SAMPLES;

    fprintf(f,
            "{\"agent\":\"bench/"
            "1\",\"run\":\"b1946ac92492d2347c6235b4d2611184\""
            ",\"boot\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"meters\":[");
    for (int m = 0; m < METERS; m++)
        fprintf(f,
                "%s{\"id\":\"rapl/package-%d\",\"scope\":\"package\",\"kind\":"
                "\"counter\",\"unit\":\"uJ\",\"range\":\"262143328850000\","
                "\"max_w\":300}",
                m ? "," : "", m);
    fputs("],\"samples\":[", f);
    for (int t = 0; t < TICKS; t++)
        for (int m = 0; m < METERS; m++) {
            seq++;
            fprintf(f, "%s[%lld,%lld,%d,%lld]", t + m ? "," : "",
                    (long long)seq, (long long)time_of(round, t), m,
                    (long long)value_of(connection, round, t, m));
        }
    fputs("]}", f);
    fclose(f);
    len = strlen(body);
    f = open_memstream(&request, &size);
    fprintf(f,
            "POST /api/v1/energy HTTP/1.1\r\nHost: bench\r\nAuthorization: "
            "Bearer %s\r\nContent-Type: application/json\r\nContent-Length: "
            "%zu\r\n\r\n%s",
            s->token, len, body);
    fclose(f);
    free(body);
    s->requests[round] = request;
    s->lengths[round] = strlen(request);
}

/* ---- sending ---------------------------------------------------------------
 */

static void connect_to(struct sender *s, int port)
{
    struct sockaddr_in a = {
            .sin_family = AF_INET,
            .sin_port = htons((uint16_t)port),
            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    s->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(s->fd, (struct sockaddr *)&a, sizeof a) != 0)
        die("cannot connect: %s", strerror(errno));
    fcntl(s->fd, F_SETFL, O_NONBLOCK);
}

static void send_more(struct sender *s)
{
    ssize_t n;

    if (s->sent == 0)
        s->begun_s = now_s();
    n =
            send(s->fd, s->requests[s->round] + s->sent,
                 s->lengths[s->round] - s->sent, MSG_NOSIGNAL);
    if (n > 0)
        s->sent += (size_t)n;
    else if (errno != EAGAIN)
        die("cannot send: %s", strerror(errno));
}

/* True when a whole answer is there; it must have taken every sample. */
static bool answered(struct sender *s)
{
    ssize_t n = recv(s->fd, s->answer + s->got, ANSWER - 1 - s->got, 0);
    const char *end;

    if (n <= 0)
        die("the connection broke: %s", n ? strerror(errno) : "closed");
    s->got += (size_t)n;
    s->answer[s->got] = '\0';
    end = strstr(s->answer, "\r\n\r\n");
    if (!end || !strchr(end, '}'))
        return false;
    if (strncmp(s->answer, "HTTP/1.1 200", 12) != 0 ||
        !strstr(end, "\"accepted\":105,"))
        die("answer: %s", s->answer);
    return true;
}

static void drive(struct sender *all, int from, int to)
{
    struct pollfd p[CONNECTIONS];
    int left = CONNECTIONS;

    for (int i = 0; i < CONNECTIONS; i++) {
        all[i].round = from;
        all[i].sent = all[i].got = 0;
        p[i] = (struct pollfd){.fd = all[i].fd, .events = POLLIN};
        send_more(&all[i]);
    }
    while (left) {
        if (poll(p, CONNECTIONS, 10000) <= 0)
            die("no answer within 10 s");
        for (int i = 0; i < CONNECTIONS; i++) {
            struct sender *s = &all[i];

            if (s->round < to && s->sent < s->lengths[s->round])
                send_more(s);
            if (!(p[i].revents & (POLLIN | POLLHUP | POLLERR)) || !answered(s))
                continue;
            if (from >= WARM) /* of the second run all: it begins with a fold */
                latencies[n_latencies++] = now_s() - s->begun_s;
            s->sent = s->got = 0;
            if (++s->round == to) {
                p[i].fd = -1;
                left--;
                continue;
            }
            send_more(s);
        }
    }
}

/* ---- the baseline
 * ------------------------------------------------------------ */

static void must(int ok, const char *what)
{
    if (!ok)
        die("%s failed", what);
}

/* The same rows in the same order, 32 batches in a transaction. */
static double bare_s(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    double begun;

    remove(path);
    must(sqlite3_open(path, &db) == SQLITE_OK, "open");
    must(sqlite3_exec(
                 db,
                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                 "PRAGMA cache_size=-16000;"
                 "CREATE TABLE reading (t_ns INTEGER NOT NULL, meter_id INTEGER"
                 " NOT NULL, run_id INTEGER NOT NULL, seq INTEGER NOT NULL,"
                 " value INTEGER NOT NULL, from_ns INTEGER, node_ns INTEGER,"
                 " PRIMARY KEY (t_ns, meter_id, run_id, seq)) STRICT,"
                 " WITHOUT ROWID",
                 NULL, NULL, NULL) == SQLITE_OK,
         "schema");
    must(sqlite3_prepare_v2(
                 db,
                 "INSERT INTO reading (t_ns, meter_id, run_id, seq, value)"
                 " VALUES (?, ?, ?, ?, ?)",
                 -1, &q, NULL) == SQLITE_OK,
         "prepare");
    begun = now_s();
    for (int r = WARM; r < ROUNDS; r++) {
        must(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == 0,
             "begin");
        for (int c = 0; c < CONNECTIONS; c++)
            for (int i = 0; i < SAMPLES; i++) {
                sqlite3_bind_int64(q, 1, time_of(r, i / METERS));
                sqlite3_bind_int64(q, 2, c * METERS + i % METERS);
                sqlite3_bind_int64(q, 3, c);
                sqlite3_bind_int64(q, 4, (int64_t)r * SAMPLES + i + 1);
                sqlite3_bind_int64(
                        q, 5, value_of(c, r, i / METERS, i % METERS));
                must(sqlite3_step(q) == SQLITE_DONE, "insert");
                sqlite3_reset(q);
            }
        must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == 0, "commit");
    }
    begun = now_s() - begun;
    sqlite3_finalize(q);
    sqlite3_close(db);
    return begun;
}

static int64_t count_rows(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    int64_t n;

    must(sqlite3_open(path, &db) == SQLITE_OK, "open");
    must(sqlite3_prepare_v2(db, "SELECT count(*) FROM reading", -1, &q, NULL) ==
                 SQLITE_OK,
         "count");
    must(sqlite3_step(q) == SQLITE_ROW, "count");
    n = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    sqlite3_close(db);
    return n;
}

/* ---- all of it
 * ----------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void
say(const char *name, double value, const char *unit, double ratio,
    const char *baseline)
{
    printf("%-26s %12.4g %-12s %8.3g x %s\n", name, value, unit, ratio,
           baseline);
}

static struct sender senders[CONNECTIONS];

static void make_senders(char *fp, char *db)
{
    char out[200];

    run((char *const[]){fp, "--db", db, "init", NULL}, out, sizeof out);
    for (int c = 0; c < CONNECTIONS; c++) {
        char node[20];

        snprintf(node, sizeof node, "bench-%02d", c);
        run((char *const[]){fp, "--db", db, "token", "create", node, NULL},
            senders[c].token, TOKEN);
        for (int r = 0; r < RUNS * ROUNDS; r++)
            make_request(&senders[c], c, r);
    }
}

/* Of two programs on two cores; cpu of the server is its own. */
static double measure(char *fp, char *db, int run, double *server_cpu_s)
{
    const int64_t rows = (int64_t)(run + 1) * CONNECTIONS * ROUNDS * SAMPLES;
    struct rusage used;
    double begun, s;
    int from, port, status;
    pid_t pid;

    pid = start(
            (char *const[]){
                    fp, "--db", db, "serve", "--listen", "127.0.0.1:0", NULL},
            2, &from);
    port = port_of(from);
    for (int c = 0; c < CONNECTIONS; c++)
        connect_to(&senders[c], port);
    n_latencies = 0;
    drive(senders, run * ROUNDS, run * ROUNDS + WARM);
    begun = now_s();
    drive(senders, run * ROUNDS + WARM, (run + 1) * ROUNDS);
    s = now_s() - begun;
    for (int c = 0; c < CONNECTIONS; c++)
        close(senders[c].fd);
    kill(pid, SIGTERM);
    if (wait4(pid, &status, 0, &used) != pid || status != 0)
        die("the server ended with %d", status);
    close(from);
    if (count_rows(db) != rows)
        die("%lld rows, expected %lld", (long long)count_rows(db),
            (long long)rows);
    *server_cpu_s =
            (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6 +
            (double)used.ru_stime.tv_sec + (double)used.ru_stime.tv_usec / 1e6;
    return s;
}

static void say_latencies(const char *name)
{
    static const struct {
        const char *word;
        size_t of_1000;
    } points[] = {{"p50", 500}, {"p99", 990}, {"max", 1000}};
    char text[60];

    qsort(latencies, n_latencies, sizeof *latencies, by_value);
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        snprintf(text, sizeof text, "%s_%s", name, points[i].word);
        say(text, latencies[(n_latencies - 1) * points[i].of_1000 / 1000] * 1e3,
            "ms", NAN, "-");
    }
}

/* The first rows as if three hours older, none of them folded: the next server
 * begins with that. */
static void make_due(const char *path)
{
    sqlite3 *db = NULL;

    must(sqlite3_open(path, &db) == SQLITE_OK, "open");
    must(sqlite3_exec(
                 db,
                 "UPDATE reading SET t_ns = t_ns - 10800000000000;"
                 "UPDATE ledger_mark SET folded_ns = 0",
                 NULL, NULL, NULL) == SQLITE_OK,
         "making rows due");
    sqlite3_close(db);
}

static int64_t months_of(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    int64_t n;

    must(sqlite3_open(path, &db) == SQLITE_OK, "open");
    must(sqlite3_prepare_v2(
                 db,
                 "SELECT count(*) FROM energy_month WHERE meter_id NOT IN "
                 "(SELECT meter_id FROM ledger_due)",
                 -1, &q, NULL) == SQLITE_OK,
         "months");
    must(sqlite3_step(q) == SQLITE_ROW, "months");
    n = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    sqlite3_close(db);
    return n;
}

int main(int argc, char **argv)
{
    char *fp = argc > 1 ? argv[1] : "build/release/fleetprint";
    const char *dir = argc > 2 ? argv[2] : "build/bench";
    const double samples = (double)CONNECTIONS * (ROUNDS - WARM) * SAMPLES;
    static const char *const ends[] = {"", "-wal", "-shm"};
    char db[400], bare[400], path[420];
    double s, plain, cpu;

    mkdir("build", 0777);
    mkdir(dir, 0777);
    snprintf(db, sizeof db, "%s/ingest.db", dir);
    snprintf(bare, sizeof bare, "%s/ingest-bare.db", dir);
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s%s", db, ends[i]);
        remove(path);
    }
    make_senders(fp, db);
    plain = bare_s(bare);
    s = measure(fp, db, 0, &cpu);
    say("http_ingest", samples / s, "samples/s", plain / s,
        "bare SQLite, same groups");
    say_latencies("http_ingest");
    say("http_ingest_server_cpu",
        cpu / (samples * ROUNDS / (ROUNDS - WARM)) * 1e9, "ns/sample", NAN,
        "-");
    make_due(db);
    s = measure(fp, db, 1, &cpu);
    say("ingest_folding", samples / s, "samples/s", plain / s,
        "bare SQLite, same groups");
    say_latencies("ingest_folding");
    if (months_of(db) < CONNECTIONS * METERS)
        die("not all was folded meanwhile");
    remove(bare);
    return 0;
}
