// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of smtp, and the commands that they make. */
#include "base64.h"
#include "login.h"
#include "smtp_conf.h"

/* RFC 5321, 4.5.3.1 limits a domain and a path to these lengths. */
#define SMTP_DOMAIN_MAX 255
#define SMTP_ADDRESS_MAX 254

const struct reply_form smtp_form = {
	.lines = REPLY_EVERY,
	.least = 200,
	.closing = 421,
	.alien = "not an SMTP reply",
};

/* The options as words of the vector; each is NULL if it was not said. */
struct words {
	struct login login;
	const char *domain;
	const char *sender;
	const char *recipient;
};

static int domain_parse(
	struct words *words, const char *name, const struct refusal *to)
{
	size_t len = strlen(name);

	if (len == 0 || len > SMTP_DOMAIN_MAX || !option_is_word(name, len))
		return refuse(to, "-h: '%s' is not a host name", name);
	words->domain = name;
	return 0;
}

static int mailbox_parse(const char **mailbox, int option, const char *address,
	const struct refusal *to)
{
	size_t len = strlen(address);

	if (len > SMTP_ADDRESS_MAX || !option_is_word(address, len) ||
		strpbrk(address, "<>"))
		return refuse(
			to, "-%c: '%s' is not a mail address", option, address);
	*mailbox = address;
	return 0;
}

static int codes_option(
	struct smtp_conf *conf, int option, const struct refusal *to)
{
	struct codes *codes = option == 'G'   ? &conf->greeting
			      : option == 'E' ? &conf->hello
			      : option == 'F' ? &conf->mail
					      : &conf->rcpt;

	return reply_codes(codes, &smtp_form, option, optarg, to);
}

static int option_parse(struct smtp_conf *conf, struct words *words, int option,
	const struct refusal *to)
{
	switch (option) {
	case 'h':
		return domain_parse(words, optarg, to);
	case 'f':
		return mailbox_parse(&words->sender, option, optarg, to);
	case 'r':
		if (optarg[0] == '\0')
			return refuse(to, "-r: a recipient cannot be empty");
		return mailbox_parse(&words->recipient, option, optarg, to);
	case 'u':
	case 'P':
		return login_option(&words->login, option, optarg, to);
	case 'L':
		conf->lmtp = true;
		return 0;
	case 'S':
		return command_set(
			&conf->commands[SMTP_STARTTLS], to, "STARTTLS\r\n");
	case 'G':
	case 'E':
	case 'F':
	case 'R':
		return codes_option(conf, option, to);
	default:
		return refuse_option(to, option);
	}
}

/* RFC 2033, 4.1: LMTP has LHLO instead of EHLO and HELO. */
static int hello_make(
	struct smtp_conf *conf, const char *domain, const struct refusal *to)
{
	struct command *commands = conf->commands;

	if (conf->lmtp)
		return command_set(
			&commands[SMTP_EHLO], to, "LHLO %s\r\n", domain);
	if (command_set(&commands[SMTP_EHLO], to, "EHLO %s\r\n", domain) < 0)
		return -1;
	return command_set(&commands[SMTP_HELO], to, "HELO %s\r\n", domain);
}

/* RFC 5321, 4.5.5: an empty address is the null reverse-path. */
static int mail_make(struct smtp_conf *conf, const struct words *words,
	const struct refusal *to)
{
	struct command *commands = conf->commands;
	const char *sender = words->sender;

	if (!sender && !words->recipient)
		return 0;
	if (command_set(&commands[SMTP_MAIL], to, "MAIL FROM:<%s>\r\n",
		    sender ? sender : "") < 0)
		return -1;
	if (!words->recipient)
		return 0;
	return command_set(
		&commands[SMTP_RCPT], to, "RCPT TO:<%s>\r\n", words->recipient);
}

/* Makes a command of a text behind these words, in base64. */
static int encoded_make(struct command *command, const char *words,
	const void *data, size_t len, const struct refusal *to)
{
	char text[BASE64_SIZE(LOGIN_USER_MAX + SECRET_MAX + 2) + 1];
	int result;

	base64_write(text, data, len);
	text[BASE64_SIZE(len)] = '\0';
	result = command_set(command, to, "%s%s\r\n", words, text);
	explicit_bzero(text, sizeof(text));
	return result;
}

/* RFC 4616, 2: an empty identity, the user and the password, each behind a 0.
 */
static int plain_make(struct smtp_conf *conf, const struct login *login,
	const struct refusal *to)
{
	char message[LOGIN_USER_MAX + SECRET_MAX + 2] = "";
	size_t user = strlen(login->user);
	int result;

	memcpy(message + 1, login->user, user);
	memcpy(message + user + 2, login->password, login->len);
	result = encoded_make(&conf->commands[SMTP_PLAIN], "AUTH PLAIN ",
		message, user + login->len + 2, to);
	explicit_bzero(message, sizeof(message));
	return result;
}

/* The mechanism depends on the server, so all commands are made. */
static int auth_make(struct smtp_conf *conf, const struct login *login,
	const struct refusal *to)
{
	struct command *commands = conf->commands;

	if (login_whole(login, to) < 0)
		return -1;
	if (!login->user)
		return 0;
	if (plain_make(conf, login, to) < 0)
		return -1;
	if (command_set(&commands[SMTP_LOGIN], to, "AUTH LOGIN\r\n") < 0)
		return -1;
	if (encoded_make(&commands[SMTP_USER], "", login->user,
		    strlen(login->user), to) < 0)
		return -1;
	return encoded_make(
		&commands[SMTP_PASS], "", login->password, login->len, to);
}

static int vector_parse(struct smtp_conf *conf, struct words *words, int argc,
	char **argv, const struct refusal *to)
{
	int option;

	while ((option = getopt(argc, argv, "+:h:f:r:u:P:LSG:E:F:R:")) != -1)
		if (option_parse(conf, words, option, to) < 0)
			return -1;
	if (refuse_rest(to, argc, argv) < 0)
		return -1;
	if (hello_make(conf, words->domain, to) < 0)
		return -1;
	if (auth_make(conf, &words->login, to) < 0)
		return -1;
	/* HELO is of servers without extensions. */
	if (conf->commands[SMTP_STARTTLS].text)
		command_free(&conf->commands[SMTP_HELO]);
	return mail_make(conf, words, to);
}

void smtp_release(void *data)
{
	struct smtp_conf *conf = data;

	for (size_t i = 0; i < SMTP_PHASES; i++)
		command_free(&conf->commands[i]);
}

int smtp_configure(void *data, int argc, char **argv, char *err, size_t errsz)
{
	const struct refusal to = {err, errsz};
	struct words words = {.domain = "localhost"};
	struct smtp_conf *conf = data;
	int result;

	codes_parse(&conf->greeting, "220", 200, 599);
	codes_parse(&conf->hello, "250", 200, 599);
	codes_parse(&conf->mail, "250", 200, 599);
	codes_parse(&conf->rcpt, "250-252", 200, 599);
	result = vector_parse(conf, &words, argc, argv, &to);
	login_forget(&words.login);
	if (result < 0)
		smtp_release(conf);
	return result;
}
